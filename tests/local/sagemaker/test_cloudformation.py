"""AWS::SageMaker::ModelPackageGroup in a template."""

import json


def test_a_group_is_made_tagged_anew_and_deleted_with_its_stack(stack, sagemaker, name):
    cloudformation = stack.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=template(name, "one"))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    arn = sagemaker.describe_model_package_group(ModelPackageGroupName=name)["ModelPackageGroupArn"]
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert {output["OutputValue"] for output in outputs} == {arn, "Completed"}

    cloudformation.update_stack(StackName=name, TemplateBody=template(name, "two"))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert {"Key": "stage", "Value": "two"} in sagemaker.list_tags(ResourceArn=arn)["Tags"]

    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert sagemaker.list_model_package_groups(NameContains=name)["ModelPackageGroupSummaryList"] == []


def template(name: str, stage: str) -> str:
    properties = {"ModelPackageGroupName": name, "Tags": [{"Key": "stage", "Value": stage}]}
    return json.dumps(
        {
            "Resources": {"Group": {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": properties}},
            "Outputs": {
                "Arn": {"Value": {"Ref": "Group"}},
                "Status": {"Value": {"Fn::GetAtt": ["Group", "ModelPackageGroupStatus"]}},
            },
        }
    )
