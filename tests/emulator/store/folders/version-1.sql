BEGIN TRANSACTION;
CREATE TABLE documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
INSERT INTO "documents" VALUES('arm.account','lake','{"name": "lake", "subscription": "00000000-0000-0000-0000-000000000000", "group": "rg", "location": "eastus2", "account_id": "4d663585-2614-4887-bcbe-0055efb78ecc", "created": "2026-11-25T03:40:08.3137470Z", "modified": "2026-11-25T03:40:08.3137470Z", "tags": null, "identity": null, "settings": {}, "creating": false}');
INSERT INTO "documents" VALUES('arm.account','other','{"name": "other", "subscription": "00000000-0000-0000-0000-000000000000", "group": "rg", "location": "eastus2", "account_id": "eeecc9b8-4e1d-4a90-9e00-28bfed7ea622", "created": "2026-11-25T03:40:08.3144710Z", "modified": "2026-11-25T03:40:08.3144710Z", "tags": null, "identity": null, "settings": {}, "creating": false}');
CREATE TABLE nodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
    UNIQUE (parent, name)
);
INSERT INTO "nodes" VALUES(1,0,'lake',1,0,0,1795578008313,1795578008350,1795578008313,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0);
INSERT INTO "nodes" VALUES(2,0,'other',1,0,0,1795578008314,1795578008314,1795578008314,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0);
INSERT INTO "nodes" VALUES(3,1,'raw',1,0,0,1795578008336,1795578008345,1795578008336,0,488,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','user:11111111-1111-1111-1111-111111111111:r-x,mask::r-x,default:user::rwx,default:group::r-x,default:other::---','',0);
INSERT INTO "nodes" VALUES(4,3,'a b',1,0,0,1795578008336,1795578008336,1795578008336,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0);
INSERT INTO "nodes" VALUES(5,4,'ü.csv',0,21,21,1795578008336,1795578008340,1795578008336,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578008340);
INSERT INTO "nodes" VALUES(6,3,'empty',0,0,0,1795578008342,1795578008342,1795578008342,4102444800000,416,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578008342);
INSERT INTO "nodes" VALUES(7,3,'big',0,100000,100000,1795578008345,1795578008345,1795578008345,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',1795578008345);
INSERT INTO "nodes" VALUES(8,1,'parts',1,0,0,1795578008347,1795578008350,1795578008347,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0);
INSERT INTO "nodes" VALUES(11,1,'joined',0,6,6,1795578008350,1795578008350,1795578008350,0,504,'93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39','','',0);
CREATE TABLE segments (
    node INTEGER NOT NULL,
    start INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (node, start)
) WITHOUT ROWID;
INSERT INTO "segments" VALUES(5,0,1,21);
INSERT INTO "segments" VALUES(7,0,2,100000);
INSERT INTO "segments" VALUES(11,0,3,3);
INSERT INTO "segments" VALUES(11,3,4,3);
CREATE INDEX expiring ON nodes (expires) WHERE expires > 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('nodes',11);
COMMIT;
PRAGMA user_version = 1;
