"""Laws of the retry schedule."""

from hypothesis import given
from hypothesis import strategies as st

from local.states.retry import delay
from tests.statemachines.runner import Error, play

RETRIERS = st.fixed_dictionaries(
    {
        "ErrorEquals": st.just(["Busy"]),
        "IntervalSeconds": st.integers(1, 1000),
        "BackoffRate": st.floats(1, 10),
        "MaxAttempts": st.integers(0, 12),
    },
    optional={"MaxDelaySeconds": st.integers(1, 31_622_400), "JitterStrategy": st.sampled_from(["FULL", "NONE"])},
)


def busy(retrier):
    """A machine whose one task is always busy, played: its waits."""
    ask = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": [retrier], "End": True}
    machine = {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": ask}}
    return play(machine, {}, {"Ask": Error("Busy")})


@given(RETRIERS)
def test_a_task_that_always_fails_is_called_once_and_then_max_attempts_times(retrier):
    assert len(busy(retrier).calls) == 1 + retrier["MaxAttempts"]


@given(RETRIERS)
def test_waits_never_shrink_and_never_pass_the_longest(retrier):
    waits = busy(retrier).waits

    assert waits == sorted(waits)
    assert all(wait <= retrier.get("MaxDelaySeconds", wait) for wait in waits)


@given(RETRIERS, st.integers(1, 20))
def test_until_the_longest_each_wait_is_the_last_one_times_the_rate(retrier, attempt):
    unbounded = {key: value for key, value in retrier.items() if key != "MaxDelaySeconds"}
    first, second = delay(unbounded, attempt), delay(unbounded, attempt + 1)

    assert second <= first * retrier["BackoffRate"] * 1.000001
