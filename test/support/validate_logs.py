"""Runs the AWS CLI's own `cloudtrail validate-logs` on objects and public keys that it is given: a JSON
object on each line of standard input, what the command printed on each line out. Nothing else of AWS is asked."""

import base64
import contextlib
import io
import json
import sys
from datetime import datetime, timezone
from unittest import mock

from awscli.customizations.cloudtrail import validation
from botocore.exceptions import ClientError


class S3:
    def __init__(self, bucket, objects):
        self.bucket = bucket
        self.objects = objects

    def get_object(self, Bucket, Key):
        found = self.objects.get(f"{Bucket}/{Key}")
        if found is None:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no such key"}}, "GetObject")
        return {
            "Body": io.BytesIO(base64.b64decode(found["body"])),
            "Metadata": found["metadata"],
        }

    def get_paginator(self, operation):
        assert operation == "list_objects"
        return self

    def paginate(self, Bucket, Marker, Prefix):
        keys = sorted(name[len(Bucket) + 1 :] for name in self.objects if name.startswith(f"{Bucket}/"))
        self.listed = [key for key in keys if key.startswith(Prefix) and key > Marker]
        return self

    def search(self, expression):
        assert expression == "Contents[*].Key"
        return self.listed


class CloudTrail:
    def __init__(self, keys):
        self.keys = keys

    def list_public_keys(self, StartTime, EndTime):
        start, end = StartTime.timestamp(), EndTime.timestamp()
        return {
            "PublicKeyList": [
                key
                for key in self.keys
                if key["ValidityStartTime"] <= end and start <= key["ValidityEndTime"]
            ]
        }


def time(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def run(call):
    command = validation.CloudTrailValidateLogs(mock.Mock())
    command.trail_arn = call["trailArn"]
    command.is_verbose = True
    command.start_time = time(call["from"])
    command.end_time = time(call["to"])
    command.s3_bucket = call["bucket"]
    command.s3_prefix = call.get("prefix")
    command.cloudtrail_client = CloudTrail(call["publicKeys"])
    command.organization_client = None
    command.s3_client_provider = mock.Mock()
    command.s3_client_provider.get_client = lambda bucket: S3(bucket, call["objects"])
    command._source_region = call["region"]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        command._call()
    return {"stdout": out.getvalue(), "stderr": err.getvalue()}


def answer(line):
    try:
        return run(json.loads(line))
    except Exception as error:
        return {"failure": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
