"""The contracts that need no emulator: script mode's words, paths of the container, archives, event spellings."""

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.sagemaker import events, script_mode, shapes, transfer
from local.sagemaker.container import Container
from local.sagemaker.errors import ClientError, SerializationException, ValidationException
from local.sagemaker.metrics import Metrics
from tests.local.sagemaker.toys import archive


def test_a_list_among_hyperparameters_reaches_the_script_as_python_prints_it():
    given_values = script_mode.own({"sizes": "[1, 2]", "weights": '{"y": 1, "x": 2}', "note": "plain text"})

    words = script_mode.arguments(given_values)

    assert words == ["--note", "plain text", "--sizes", "[1, 2]", "--weights", "x=2,y=1"]


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), st.text(min_size=1), max_size=6))
def test_arguments_are_pairs_in_the_order_of_their_names(hyperparameters):
    words = script_mode.arguments(script_mode.own(hyperparameters))

    assert [word.lstrip("-") for word in words[::2]] == sorted(hyperparameters)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("/opt/ml/model", "{}/opt/ml/model"),
        ("/opt/ml", "{}/opt/ml"),
        ("cp /opt/ml/a /opt/ml/b", "cp {0}/opt/ml/a {0}/opt/ml/b"),
        ("--path=/opt/ml/model", "--path={}/opt/ml/model"),
        ('{"dir":"/opt/ml/model"}', '{{"dir":"{}/opt/ml/model"}}'),
        ("s3://bucket/opt/ml/model", "s3://bucket/opt/ml/model"),
        ("/opt/mlflow", "/opt/mlflow"),
    ],
)
def test_only_paths_of_the_container_become_paths_of_this_machine(given_text, expected):
    container = Container(Path("/folder/of/job"), Path("python"), print)

    assert container.local(given_text) == expected.format("/folder/of/job")


def test_an_archive_cannot_leave_its_folder(tmp_path):
    evil = tmp_path / "model.tar.gz"
    evil.write_bytes(archive({"../outside": b"x"}))

    with pytest.raises(ClientError, match=r"Failed to extract model\.tar\.gz"):
        transfer.unpack(evil, tmp_path / "model")

    assert not (tmp_path / "outside").exists()


def test_a_link_in_an_archive_cannot_point_outside(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    (tmp_path / "model.tar.gz").write_bytes(buffer.getvalue())

    with pytest.raises(ClientError):
        transfer.unpack(tmp_path / "model.tar.gz", tmp_path / "model")


def test_statuses_are_shouted_in_events():
    statuses = ["InService", "RollingBack", "Failed", "UpdateRollbackFailed"]

    assert [events.shouted(status) for status in statuses] == [
        "IN_SERVICE", "ROLLING_BACK", "FAILED", "UPDATE_ROLLBACK_FAILED",
    ]  # fmt: skip


def test_a_metric_is_the_last_number_that_its_expression_finds():
    metrics = Metrics([{"Name": "loss", "Regex": r"loss=(\S+)"}])

    for line in ("loss=0.5", "loss=oops", "nothing", "loss=0.25"):
        metrics.search(line)

    assert [(found["MetricName"], found["Value"]) for found in metrics.final()] == [("loss", 0.25)]


def test_lengths_and_ranges_and_members_of_lists_are_checked():
    variant = {"VariantName": "live", "ModelName": "m", "InitialInstanceCount": 0, "InstanceType": "ml.t2.medium"}

    with pytest.raises(ValidationException) as caught:
        shapes.validate("CreateEndpointConfig", {"EndpointConfigName": "x" * 64, "ProductionVariants": [variant]})

    message = str(caught.value)
    assert "at 'endpointConfigName' failed to satisfy constraint: Member must have length less than or equal to 63" in (
        message
    )
    assert "Value 0 at 'productionVariants.1.member.initialInstanceCount'" in message


def test_a_wrong_json_type_is_a_serialization_exception():
    with pytest.raises(SerializationException):
        shapes.validate("DescribeEndpoint", {"EndpointName": ["x"]})


def test_every_pattern_of_the_model_can_be_checked():
    model = shapes.operation("CreateModel").service_model

    for name in model.shape_names:
        shapes._compiled(model.shape_for(name).metadata.get("pattern", ""))
