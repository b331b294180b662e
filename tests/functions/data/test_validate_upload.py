"""ValidateUpload: each kind of upload has its right answer."""

import json

import pytest
from data.validate_upload import handler
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from tidewheel.domain.errors import ClaimLost, UploadIgnored, UploadSuperseded

from tests.functions.context import Context
from tests.functions.data.uploads import ROWS, answer, commit, register, report_of, upload


@pytest.fixture
def trips(aws):
    register("active")
    return aws


def test_an_accepted_file_becomes_parquet_with_manifest_profile_and_report(trips):
    said = answer(ROWS)
    commit(said)

    detail = said["answer"]["detail"]
    row = ledger.get("trips", "dataset", detail["dataset_id"])
    bucket, prefix = objects.locate(detail["uri"])
    keys = {it["Key"].removeprefix(prefix) for it in client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert said["answer"]["detail_type"] == "DatasetReady"
    assert (row["rows"], row["rejected_rows"], row["columns"]) == (3, 0, ["at", "miles", "late", "note"])
    assert row["event_time_min"] == "2026-01-01T10:00:00+00:00"
    assert keys == {"part-00000.parquet", "manifest.json", "profile.json", "report.json", "report.html"}
    assert report_of(said)["accepted"] == 3


def test_rejected_rows_are_kept_with_their_reasons(trips):
    said = answer(ROWS + "2026-01-04,-1,true,\n")

    detail = said["answer"]["detail"]
    bucket, prefix = objects.locate(detail["uri"])
    kept = [json.loads(line) for line in objects.read(bucket, f"{prefix}rejected.jsonl").splitlines()]
    assert (detail["rows"], detail["rejected_rows"]) == (3, 1)
    assert kept[0]["row"] == 4
    assert kept[0]["reasons"] == [{"column": "miles", "rule": "min", "value": "-1"}]
    assert report_of(said)["reasons"][0]["remedy"]


REFUSED = {
    "TooManyRejected": (ROWS + "x,1,true,\n" * 3, "trips/a.csv"),
    "NoRows": ("at,miles,late,note\n", "trips/a.csv"),
    "MissingColumn": ("at,miles\n2026-01-01,1\n", "trips/a.csv"),
    "DuplicateColumn": ("at,miles,late,late\n2026-01-01,1,true,true\n", "trips/a.csv"),
    "WrongEncoding": (ROWS.replace("rain", "Gischt über").encode("latin-1"), "trips/a.csv"),
    "WrongSeparator": (ROWS.replace(",", ";"), "trips/a.csv"),
    "UnknownFormat": ("PK", "trips/a.xlsx"),
    "BrokenFile": (b"PAR1 and no more", "trips/a.parquet"),
    "UnknownProject": (ROWS, "strips/a.csv"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_a_report(trips, code):
    said = answer(*REFUSED[code])

    assert said["outcome"] == "rejected"
    assert (said["answer"]["detail_type"], said["answer"]["detail"]["reason"]) == ("DatasetRejected", code)
    assert report_of(said)["refusal"]["remedy"]
    assert "/refused/" in said["answer"]["detail"]["report_uri"]


def test_a_key_without_a_folder_is_refused_too(trips):
    said = answer(ROWS, "a.csv")

    assert said["answer"]["detail"]["reason"] == "UnknownProject"
    assert objects.locate(said["answer"]["detail"]["report_uri"])[1].startswith("_unknown/refused/")


def test_a_retired_project_takes_nothing(trips):
    register("retired")

    assert answer(ROWS)["answer"]["detail"]["reason"] == "RetiredProject"


def test_what_outgrows_one_lambda_is_refused_with_the_limit(trips, monkeypatch):
    monkeypatch.setenv("UPLOAD_LIMIT_MB", "0")

    said = answer(ROWS)

    assert said["answer"]["detail"]["reason"] == "TooLarge"
    assert "the limit is 0 bytes" in said["answer"]["detail"]["message"]


def test_the_same_bytes_again_are_a_duplicate_and_no_new_dataset(trips):
    commit(answer(ROWS))

    again = answer(ROWS, "trips/elsewhere/a.csv")

    assert (again["outcome"], again["answer"]["detail_type"]) == ("duplicate", "DatasetDuplicate")
    assert again["answer"]["detail"]["message"].startswith("duplicate of s3://inbox/trips/a.csv?versionId=")
    assert [list(action) for action in again["transaction"]] == [["Update"]]
    assert report_of(again)["outcome"] == "duplicate"


def test_two_files_of_one_name_in_two_folders_are_two_datasets(trips):
    one, other = answer(ROWS, "trips/x/a.csv"), answer(ROWS.replace("rain", "hail"), "trips/y/a.csv")

    assert one["outcome"] == other["outcome"] == "accepted"
    assert one["answer"]["detail"]["dataset_id"] != other["answer"]["detail"]["dataset_id"]


@pytest.mark.parametrize(
    "name", ["a b+c.csv", "größe/über%20.csv", "日本/🚲.csv", "../../etc/a.csv", "x" * 1000 + ".csv"]
)
def test_an_odd_key_is_a_key(trips, name):
    said = answer(ROWS, f"trips/{name}")
    commit(said)

    assert said["outcome"] == "accepted"
    assert said["answer"]["detail"]["upload"]["key"] == f"trips/{name}"


@pytest.mark.parametrize("name", ["", "_SUCCESS", ".hidden.csv", "a.csv.tmp", "empty.csv"])
def test_what_is_no_delivery_is_ignored(trips, name):
    with pytest.raises(UploadIgnored):
        answer("" if name == "empty.csv" else "x", f"trips/{name}")


def test_the_version_of_the_event_is_read_not_the_latest(trips):
    event = upload(ROWS)
    client("s3").put_object(Bucket="inbox", Key="trips/a.csv", Body=b"something else")

    assert handler(event, Context())["outcome"] == "accepted"


def test_a_version_that_is_gone_is_superseded(trips):
    event = upload(ROWS)
    version = event["event"]["detail"]["object"]["version-id"]
    client("s3").delete_object(Bucket="inbox", Key="trips/a.csv", VersionId=version)

    with pytest.raises(UploadSuperseded):
        handler(event, Context())


def test_an_object_in_the_archive_is_refused_and_not_tried_again(trips):
    client("s3").put_object(Bucket="inbox", Key="trips/cold.csv", Body=ROWS, StorageClass="GLACIER")
    event = upload(ROWS, "trips/cold.csv")
    version = client("s3").put_object(Bucket="inbox", Key="trips/cold.csv", Body=ROWS, StorageClass="GLACIER")
    event["event"]["detail"]["object"]["version-id"] = version["VersionId"]
    ledger.write(ledger.put("trips", "upload", f"trips/cold.csv@{version['VersionId']}", {"execution": "me"}))

    assert handler(event, Context())["answer"]["detail"]["reason"] == "Unreadable"


def test_an_object_of_another_bucket_is_none_of_ours(trips):
    event = upload(ROWS)
    event["event"]["detail"]["bucket"]["name"] = "elsewhere"

    with pytest.raises(UploadIgnored):
        handler(event, Context())


def test_who_has_lost_the_claim_says_nothing(trips):
    with pytest.raises(ClaimLost):
        handler(upload(ROWS) | {"execution": "another"}, Context())


def test_a_committed_outcome_is_repeated_even_if_the_contract_has_changed(trips):
    event = upload(ROWS)
    first = handler(event, Context())
    commit(first)
    register("retired")

    again = handler(event, Context())

    assert again["answer"] == first["answer"]
    commit(again)


def test_an_extra_column_is_left_out_and_reported(trips):
    said = answer(
        ROWS.replace("note\n", "note,x\n")
        .replace(",\n", ",,1\n")
        .replace("rain\n", "rain,1\n")
        .replace("sun\n", "sun,1\n")
    )

    assert (said["outcome"], report_of(said)["extra_columns"]) == ("accepted", ["x"])
