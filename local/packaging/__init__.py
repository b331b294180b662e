"""From the project's files to artifacts that CloudFormation can fetch: what `sam build` and `sam package` do, in a second."""
