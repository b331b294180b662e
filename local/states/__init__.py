"""Step Functions on one machine: a small interpreter of the Amazon States Language, JSONata only."""
