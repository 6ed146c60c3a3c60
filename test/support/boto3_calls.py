"""Makes AWS calls with boto3: a JSON object on each line of standard input, an answer on each line out."""

import base64
import datetime
import gzip
import json
import os
import sys
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

session = boto3.session.Session()
clients = {}


def client(call):
    key = json.dumps([call["service"], call["region"], call["credentials"]])
    if key not in clients:
        keys = call["credentials"]
        clients[key] = session.client(
            call["service"],
            region_name=call["region"],
            endpoint_url=call["endpoint"],
            aws_access_key_id=keys["accessKeyId"],
            aws_secret_access_key=keys["secretAccessKey"],
            aws_session_token=keys.get("sessionToken"),
            config=Config(
                retries={"total_max_attempts": 1},
                # Otherwise boto3 presigns with version 2, which S3 refuses for new buckets.
                signature_version="s3v4" if call["service"] == "s3" else None,
            ),
        )
        # S3's API for access points puts the account's ID before the host; a local one has a host for all.
        host = urlsplit(call["endpoint"]).netloc
        clients[key].meta.events.register(
            "before-sign.s3-control",
            lambda request, **_: setattr(
                request, "url", urlsplit(request.url)._replace(netloc=host).geturl()
            ),
        )
    return clients[key]


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    body = value.read()
    # A log file; no other body that tests read is compressed.
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def answer(call):
    try:
        result = getattr(client(call), call["operation"])(**call["parameters"])
        if isinstance(result, dict):
            result.pop("ResponseMetadata", None)
        return {"result": result}
    except ClientError as error:
        return {
            "error": error.response["Error"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }
    except Exception as error:
        return {"failure": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=plain), flush=True)

# Skips the interpreter's tidying up, which takes seconds with many clients.
os._exit(0)
