"""The private part of adal that token requests are sent by is still there."""

import adal.oauth2_client
import pytest
import requests

from airflow_provider_adls.auth.compat import adal_requests_by


def test_adal_sends_by_the_session(mocker):
    """Inside, adal's `post` is the session's; outside, and for all else, it is that of `requests`."""
    assert callable(adal.oauth2_client.requests.post)
    session = mocker.Mock(spec=requests.Session)
    with adal_requests_by(session):
        context = adal.AuthenticationContext("https://login.example/t", validate_authority=False)
        session.post.side_effect = requests.ConnectionError("by the session")
        with pytest.raises(requests.ConnectionError, match="by the session"):
            context.acquire_token_with_client_credentials("resource", "client", "secret")
    assert session.post.call_count == 1
    everywhere = mocker.patch("requests.post")
    assert adal.oauth2_client.requests.post("https://login.example") is everywhere.return_value
    assert adal.oauth2_client.requests.codes is requests.codes
