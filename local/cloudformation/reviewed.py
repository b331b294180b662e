"""The resource types and properties that mean something here. Whatever is on no list is refused.

`STORED` properties are kept and described but have no effect on this machine: they touch cost, logging, time or
encryption at rest, never a result.
"""

HONOURED = {
    "AWS::CloudWatch::Alarm": "AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions"
    " InsufficientDataActions",
    "AWS::DynamoDB::Table": "TableName KeySchema AttributeDefinitions BillingMode GlobalSecondaryIndexes"
    " LocalSecondaryIndexes StreamSpecification DeletionProtectionEnabled TimeToLiveSpecification",
    "AWS::Events::Archive": "ArchiveName Description SourceArn EventPattern RetentionDays",
    "AWS::Events::EventBus": "Name Description",
    "AWS::Events::Rule": "Name Description EventBusName EventPattern State Targets ScheduleExpression RoleArn",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName Description Path PolicyDocument Roles Users Groups",
    "AWS::IAM::Policy": "PolicyName PolicyDocument Roles Users Groups",
    "AWS::IAM::Role": "RoleName Description Path AssumeRolePolicyDocument ManagedPolicyArns Policies"
    " MaxSessionDuration PermissionsBoundary",
    "AWS::KMS::Alias": "AliasName TargetKeyId",
    "AWS::KMS::Key": "Description Enabled KeyPolicy KeySpec KeyUsage",
    "AWS::Lambda::Alias": "Name FunctionName FunctionVersion Description RoutingConfig",
    "AWS::Lambda::EventInvokeConfig": "FunctionName Qualifier DestinationConfig MaximumEventAgeInSeconds"
    " MaximumRetryAttempts",
    "AWS::Lambda::Function": "FunctionName Description Architectures Code Environment Handler Layers LoggingConfig"
    " MemorySize PackageType Role Runtime Timeout TracingConfig ReservedConcurrentExecutions DeadLetterConfig",
    "AWS::Lambda::LayerVersion": "LayerName Description CompatibleArchitectures CompatibleRuntimes Content LicenseInfo",
    "AWS::Lambda::Permission": "Action FunctionName Principal SourceAccount SourceArn",
    "AWS::Lambda::Version": "FunctionName Description CodeSha256",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName BucketEncryption CorsConfiguration NotificationConfiguration OwnershipControls"
    " PublicAccessBlockConfiguration VersioningConfiguration",
    "AWS::S3::BucketPolicy": "Bucket PolicyDocument",
    "AWS::SNS::Subscription": "Endpoint FilterPolicy FilterPolicyScope Protocol RawMessageDelivery TopicArn",
    "AWS::SNS::Topic": "TopicName DisplayName Subscription",
    "AWS::SNS::TopicPolicy": "PolicyDocument Topics",
    "AWS::SQS::Queue": "QueueName DelaySeconds FifoQueue ContentBasedDeduplication MaximumMessageSize"
    " MessageRetentionPeriod ReceiveMessageWaitTimeSeconds RedrivePolicy RedriveAllowPolicy VisibilityTimeout",
    "AWS::SQS::QueuePolicy": "PolicyDocument Queues",
    "AWS::SSM::Parameter": "Name Type Value Description",
    "AWS::Scheduler::Schedule": "Name GroupName Description ScheduleExpression ScheduleExpressionTimezone StartDate"
    " EndDate State Target",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName StateMachineType Definition DefinitionString"
    " DefinitionS3Location DefinitionSubstitutions LoggingConfiguration RoleArn",
}

STORED = {
    # Alarms are stored and can be set by hand; no metric sets one off here.
    "AWS::CloudWatch::Alarm": "ComparisonOperator DatapointsToAlarm Dimensions EvaluationPeriods MetricName Metrics"
    " Namespace Period Statistic ExtendedStatistic Threshold TreatMissingData Unit",
    "AWS::DynamoDB::Table": "PointInTimeRecoverySpecification SSESpecification ProvisionedThroughput",
    "AWS::KMS::Key": "EnableKeyRotation PendingWindowInDays RotationPeriodInDays",
    "AWS::Lambda::Function": "EphemeralStorage KmsKeyArn",
    "AWS::Logs::LogGroup": "KmsKeyId RetentionInDays",
    "AWS::S3::Bucket": "LifecycleConfiguration",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId KmsDataKeyReusePeriodSeconds SqsManagedSseEnabled",
    "AWS::Scheduler::Schedule": "FlexibleTimeWindow KmsKeyArn",
    "AWS::StepFunctions::StateMachine": "TracingConfiguration",
}

# CloudFormation hands a stack's tags to every resource that can carry some.
REVIEWED = {kind: frozenset(f"Tags {known} {STORED.get(kind, '')}".split()) for kind, known in HONOURED.items()}
