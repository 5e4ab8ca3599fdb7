"""A text may hold secrets; an answer never does."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access.diagnosis import diagnose
from cdk_ecr_access.diagnosis.redaction import without_secrets
from cdk_ecr_access.diagnosis.report import as_document, as_text

CORPUS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
KEY_ID, SECRET = "AKIA" + "IOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # AWS's own examples
TOKEN = "eyJwYXlsb2FkIjoiSGVsbG8" + "x" * 40
BASIC = base64.b64encode(f"AWS:{TOKEN}".encode()).decode()
LONG = "AQECAHh+dS+BlNu0NxnXwowbILs115yjd" * 5

SECRETS = [
    (f"docker login -u AWS -p {TOKEN} 111122223333.dkr.ecr.eu-west-1.amazonaws.com", TOKEN),
    ("docker login -u AWS -p hunter2hunter2 111122223333.dkr.ecr.eu-west-1.amazonaws.com", "hunter2hunter2"),
    ("docker login --username AWS --password hunter2hunter2", "hunter2hunter2"),
    ("docker login --username AWS --password=hunter2hunter2", "hunter2hunter2"),
    ("skopeo copy --dest-creds AWS:hunter2hunter2 docker://a docker://b", "hunter2hunter2"),
    (f"AWS:{TOKEN}", TOKEN),
    (f'{{"auths": {{"x": {{"auth": "{BASIC}"}}}}}}', BASIC),
    (f"Authorization: Basic {BASIC}", BASIC),
    ("Authorization: Bearer abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz"),
    (f"AWS_ACCESS_KEY_ID={KEY_ID}", KEY_ID),
    (f"credentials {KEY_ID}/20261123/eu-west-1/ecr/aws4_request", KEY_ID),
    (f"AWS_SECRET_ACCESS_KEY={SECRET}", SECRET),
    (f"aws_secret_access_key = {SECRET}", SECRET),
    (f'"SecretAccessKey": "{SECRET}"', SECRET),
    (f"AWS_SESSION_TOKEN={LONG}", LONG),
    ("password: hunter2hunter2", "hunter2hunter2"),
    ('"password": "hunter2hunter2"', "hunter2hunter2"),
    ("token=hunter2hunter2", "hunter2hunter2"),
    ("https://user:hunter2hunter2@registry.example.com/v2/", "hunter2hunter2"),
    ("https://b.s3.amazonaws.com/k?X-Amz-Credential=CRED1234&X-Amz-Signature=0123456789abcdef", "0123456789abcdef"),
    ("https://b.s3.amazonaws.com/k?X-Amz-Credential=CRED1234&X-Amz-Signature=0123456789abcdef", "CRED1234"),
    ("X-Amz-Security-Token: hunter2hunter2", "hunter2hunter2"),
    (LONG, LONG),
]


def _all_output(text: str) -> str:
    found = diagnose(text)
    return as_text(found) + json.dumps(as_document(found)) if found else ""


@pytest.mark.parametrize(("line", "secret"), SECRETS)
def test_a_secret_is_hidden(line: str, secret: str) -> None:
    """However it is written."""
    assert secret in line
    assert secret not in without_secrets(line)


@pytest.mark.parametrize(("line", "secret"), SECRETS)
@pytest.mark.parametrize("entry", CORPUS[::9], ids=lambda entry: str(entry["cause"]))
def test_no_answer_repeats_a_secret(entry: dict[str, Any], line: str, secret: str) -> None:
    """Before the error, behind it, and in its line, where the words are that it was recognised by."""
    for text in (f"{line}\n{entry['text']}", f"{entry['text']}\n{line}", f"{line} {entry['text']} {line}"):
        output = _all_output(text)
        assert output
        assert secret not in output


@given(st.text(alphabet="abcdefghijkmnpqrstuvwxyz23456789", min_size=12, max_size=60))
def test_a_presigned_url_loses_its_query(secret: str) -> None:
    """Whatever its signature is."""
    host = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com"
    text = f'Get "https://{host}/0a?X-Amz-Signature=Z{secret}": dial tcp 52.218.0.1:443: i/o timeout'
    assert f"Z{secret}" not in _all_output(text)


@pytest.mark.parametrize(
    "text",
    [
        "denied: Your authorization token has expired. Reauthenticate and try again.",
        "aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin HOST",
        "when calling the GetAuthorizationToken operation: The security token included in the request is expired",
        "sha256:5de487da52320ad9978f3a7a4f6700910342956c7dcb3b6f955222b4cccbd600",
        "arn:aws:iam::111122223333:role/ci is not authorized to perform: ecr:PutImage on resource: *",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """Words about tokens and passwords are what an error is recognised by."""
    assert without_secrets(text) == text
