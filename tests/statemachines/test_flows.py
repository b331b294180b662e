"""The reading of definitions that the other tests rely on, shown on definitions with a known defect."""

from tests.statemachines.flows import ends, hidden, reached, unassigned, used


def flow(**states):
    return {"StartAt": next(iter(states)), "States": states}


def test_a_variable_assigned_on_one_of_two_ways_is_found():
    either = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% true %}", "Assign": {"x": 1}, "Next": "Read"}],
        "Default": "Read",
    }

    found = list(unassigned(flow(Either=either, Read={"Type": "Pass", "Output": "{% $x %}", "End": True})))

    assert found == ["Read: $x"]


def test_a_variable_assigned_before_a_catch_is_not_assigned_by_the_failed_state():
    call = {"Type": "Task", "Assign": {"x": 1}, "Catch": [{"Next": "Sorry"}], "Next": "Fine"}
    read = {"Type": "Pass", "Output": "{% $x %}", "End": True}

    found = list(unassigned(flow(Call=call, Fine=read, Sorry=read)))

    assert found == ["Sorry: $x"]


def test_a_loop_keeps_what_was_assigned_before_it():
    states = {
        "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [{"Condition": "{% $x = 2 %}", "Next": "Again"}], "Default": "Done"},
        "Done": {"Type": "Succeed", "Output": "{% $x %}"},
    }

    assert list(unassigned(flow(**states))) == []


def test_names_bound_in_the_expression_and_text_in_quotes_are_no_variables():
    expression = "{% ($y := $x; $map($z, function($v, $i) { $string($v) & '$no' & $y }); $map($z, $uppercase)) %}"

    assert used(expression) == {"x", "z"}


def test_an_inner_assign_of_an_outer_name_is_found():
    inside = flow(In={"Type": "Pass", "Assign": {"x": 2}, "End": True})
    outer = {"Type": "Map", "ItemProcessor": inside, "Assign": {"x": 1}, "End": True}

    assert list(hidden(flow(Out=outer))) == ["$x is assigned inside and outside"]


def test_a_state_behind_an_end_is_not_reached():
    states = {"First": {"Type": "Succeed"}, "Lost": {"Type": "Fail"}}

    assert reached(flow(**states), "First") == {"First"}
    assert ends(flow(**states)) == {"First", "Lost"}
