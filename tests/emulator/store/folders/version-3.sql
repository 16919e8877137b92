BEGIN TRANSACTION;
CREATE TABLE documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
INSERT INTO "documents" VALUES('arm.account','lake','{"name": "lake", "subscription": "00000000-0000-0000-0000-000000000000", "group": "rg", "location": "eastus2", "account_id": "b44485a9-6a96-4dde-a180-850b0884b806", "created": "2026-11-25T03:40:32.0419610Z", "modified": "2026-11-25T03:40:32.0419610Z", "tags": null, "identity": null, "settings": {}, "creating": false}');
INSERT INTO "documents" VALUES('arm.account','other','{"name": "other", "subscription": "00000000-0000-0000-0000-000000000000", "group": "rg", "location": "eastus2", "account_id": "e8e85dfe-fb19-4e1d-8ba1-2b364f05a7ef", "created": "2026-11-25T03:40:32.0426450Z", "modified": "2026-11-25T03:40:32.0426450Z", "tags": null, "identity": null, "settings": {}, "creating": false}');
CREATE TABLE nodes (
    id INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    name TEXT NOT NULL,
    directory INTEGER NOT NULL,
    length INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    accessed INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    permission INTEGER NOT NULL,
    owner TEXT NOT NULL,
    "group" TEXT NOT NULL,
    acl TEXT NOT NULL,
    lease TEXT NOT NULL,
    leased INTEGER NOT NULL,
    stream TEXT NOT NULL DEFAULT '',
    UNIQUE (parent, name)
);
INSERT INTO "nodes" VALUES(1,0,'lake',1,0,0,1795578032042,1795578032074,1795578032042,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0,'');
INSERT INTO "nodes" VALUES(2,0,'other',1,0,0,1795578032042,1795578032042,1795578032042,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0,'');
INSERT INTO "nodes" VALUES(3,1,'raw',1,0,0,1795578032059,1795578032065,1795578032059,0,488,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','user:11111111-1111-1111-1111-111111111111:r-x,mask::r-x,default:user::rwx,default:group::r-x,default:other::---','',0,'');
INSERT INTO "nodes" VALUES(4,3,'a b',1,0,0,1795578032059,1795578032059,1795578032059,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0,'');
INSERT INTO "nodes" VALUES(5,4,'ü.csv',0,21,21,1795578032059,1795578032061,1795578032059,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578032061,'serial');
INSERT INTO "nodes" VALUES(6,3,'empty',0,0,0,1795578032063,1795578032063,1795578032063,4102444800000,416,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578032063,'');
INSERT INTO "nodes" VALUES(7,3,'big',0,100000,100000,1795578032065,1795578032065,1795578032065,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578032065,'serial');
INSERT INTO "nodes" VALUES(8,1,'parts',1,0,0,1795578032067,1795578032074,1795578032067,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0,'');
INSERT INTO "nodes" VALUES(11,1,'joined',0,6,6,1795578032074,1795578032074,1795578032074,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0,'sealed');
CREATE TABLE segments (
    number INTEGER PRIMARY KEY,
    node INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    data BLOB
);
INSERT INTO "segments" VALUES(1,5,0,21,X'6F726465722C7069656365730A312C390A322C340A');
INSERT INTO "segments" VALUES(2,7,0,100000,NULL);
INSERT INTO "segments" VALUES(3,11,0,3,X'6F6E65');
INSERT INTO "segments" VALUES(4,11,3,3,X'74776F');
CREATE TABLE trash (
    node INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    path TEXT NOT NULL,
    deleted INTEGER NOT NULL
);
CREATE INDEX expiring ON nodes (expires) WHERE expires > 0;
CREATE INDEX content ON segments (node, start);
CREATE INDEX in_blobs ON segments (number) WHERE data IS NULL;
CREATE INDEX deleted ON trash (account, node);
COMMIT;
PRAGMA user_version = 3;
