"""From the project's files to artifacts that CloudFormation can fetch, as `sam build` and `sam package` do."""
