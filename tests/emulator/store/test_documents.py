from __future__ import annotations


def test_documents_come_back(store):
    """The last stored document is returned; kinds are apart; keys are in order."""
    store.documents.put("account", "b", {"n": 1})
    store.documents.put("account", "a", {"ü": [1, None, {"x": True}]})
    store.documents.put("account", "b", {"n": 2})
    store.documents.put("other", "b", {"n": 3})
    assert store.documents.get("account", "b") == {"n": 2}
    assert store.documents.items("account") == [("a", {"ü": [1, None, {"x": True}]}), ("b", {"n": 2})]


def test_a_missing_document_is_none(store):
    """A missing or deleted document is None, and its deletion does nothing."""
    store.documents.put("account", "a", {})
    store.documents.delete("account", "a")
    store.documents.delete("account", "a")
    assert store.documents.get("account", "a") is None
    assert store.documents.items("account") == []
