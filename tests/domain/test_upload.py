"""What a key says of an upload."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.errors import UploadIgnored, UploadRefused
from tidewheel.domain.upload import Limits, check_is_delivery, format_of, project_of, upload_identity

KEYS = st.text(min_size=1, max_size=1024).filter(lambda key: len(key.encode(errors="replace")) <= 1024)


@given(KEYS, st.text("0123456789abcdefABCDEF._-", min_size=1, max_size=40))
def test_an_identity_fits_the_ledgers_sort_key(key, version):
    assert len(f"upload#{upload_identity(key, version)}".encode(errors="replace")) <= 1024


@given(KEYS, KEYS)
def test_unequal_keys_have_unequal_identities(one, other):
    assert (upload_identity(one, "v") == upload_identity(other, "v")) == (one == other)


@pytest.mark.parametrize(
    ("key", "project"),
    [("trips/a.csv", "trips"), ("trips/x/y.csv", "trips"), ("a.csv", None), ("Trips/a", None), ("/a", None)],
)
def test_the_first_folder_names_the_project(key, project):
    assert project_of(key) == project


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("A.CSV", ("csv", False)),
        ("a.csv.gz", ("csv", True)),
        ("a.ndjson", ("jsonl", False)),
        ("b.c.parquet", ("parquet", False)),
    ],
)
def test_the_ending_names_the_format(key, form):
    assert format_of(key) == form


@pytest.mark.parametrize("key", ["a", "a.xlsx", "csv", "a.parquet.gz", "a.csv/x", "a.gz"])
def test_an_ending_that_says_nothing_is_refused(key):
    with pytest.raises(UploadRefused):
        format_of(key)


@pytest.mark.parametrize("key", ["p/", "p/_SUCCESS", "p/.x.csv", "p/a.csv.tmp", "p/a.CRC"])
def test_what_tools_leave_beside_data_is_ignored(key):
    with pytest.raises(UploadIgnored):
        check_is_delivery(key, 5)


def test_a_file_larger_than_the_limit_is_refused_with_it():
    with pytest.raises(UploadRefused, match="11 bytes; the limit is 10 bytes"):
        Limits(bytes=10).check(11)
