# Tidewheel. `make` prints what it can do. PYTHON=/path/to/python3 names another Python than `python3`.

PYTHON ?= python3
TEST = .tidewheel/env/test/bin
SAM = .tidewheel/env/sam/bin
TRANSLATED = .tidewheel/build/translated.json
export SAM_CLI_TELEMETRY = 0
export __SAM_CLI_APP_DIR = $(CURDIR)/.tidewheel/sam
export PIP_CACHE_DIR ?= $(CURDIR)/.tidewheel/cache/pip
export TMPDIR := $(shell mkdir -p .tidewheel/tmp && echo $(CURDIR)/.tidewheel/tmp)

.DEFAULT_GOAL = help
.PHONY: help demo up test proof lint types validate audit build deploy-local deploy-test conformance lock images bench clean
.PHONY: env-test env-demo env-sam env-sagemaker env-checkov

# Says what the machine lacks, or makes the environments that are missing or out of date.
define ready
@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Tidewheel needs Python 3.11, 3.12 or 3.13: \
make PYTHON=/path/to/python3"; exit 1; } >&2
@$(PYTHON) -I local/preflight.py
@$(PYTHON) -I local/environments.py $(1)
endef

env-test:
	$(call ready,test)
env-demo:
	$(call ready,test image)
env-sam:
	$(call ready,test sam)
env-checkov:
	$(call ready,test checkov)
env-sagemaker:
	$(call ready,test image sagemaker)

help: ## Print this
	@awk -F ': .*## ' '/^[a-z-]+: .*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: env-demo ## Set up, start a stack on this machine and watch the wheel turn twice on real data
	$(TEST)/python -m local.demo
up: env-demo ## Start a stack on this machine and keep it running; Ctrl-C stops it
	$(TEST)/python -m local up
test: env-demo ## Set up and pass the tests: units, handlers, one whole flow
	$(TEST)/python -m pytest -n 2 -m "not proof and not deploy and not conformance"
proof: env-demo ## The tests that are slower than `make test` allows
	$(TEST)/python -m pytest -m proof

lint: env-test ## Style, security smells and formatting
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
types: env-test ## Strict types in layers/core
	$(TEST)/mypy
validate: env-sam $(TRANSLATED) ## The template, as written and as CloudFormation receives it
	$(SAM)/sam validate --lint --region eu-west-1
	$(SAM)/cfn-lint -a cfn_lint_serverless.rules -c I -e -i $(shell cut -d ' ' -f 1 .ci/cfn-lint-skips) \
		-r eu-west-1 -- $(TRANSLATED)
audit: env-checkov $(TRANSLATED) ## Checkov over the template as CloudFormation receives it; .ci/checkov-skips has the reasons
	.tidewheel/env/checkov/bin/checkov -f $(TRANSLATED) --framework cloudformation --quiet --compact --skip-download \
		--skip-check $(shell cut -d ' ' -f 1 .ci/checkov-skips | paste -sd ,)
$(TRANSLATED): template.yaml env-test
	@mkdir -p $(@D)
	@$(TEST)/python -m tests.template.translation > $@
build: env-sam ## Build functions and layers with the SAM CLI (LAYER_PYTHON, LAYER_ARCH; default 3.13 and arm64)
	PATH="$(CURDIR)/$(SAM):$$PATH" $(SAM)/sam build
deploy-local: env-sam ## Build for this machine and deploy to the stack that `make up` keeps running, with the SAM CLI
	$(TEST)/python -m local.sam
deploy-test: env-sam env-demo ## A real `sam build` and `sam deploy`, twice, with an upload after each
	$(TEST)/python -m pytest -m deploy
conformance: env-sagemaker ## A client that we did not write, against the local SageMaker
	$(TEST)/python -m pytest -m conformance

lock: ## Resolve locks/*.in and the layers' requirements anew, without naming any index
	$(PYTHON) -m venv .tidewheel/env/uv && .tidewheel/env/uv/bin/python -m pip install -q uv
	for name in test image sam sagemaker checkov; do $(PIN) locks/$$name.in -o locks/$$name.txt || exit 1; done
	for name in core arrow; do \
		$(PIN) -c locks/test.txt layers/$$name/requirements.in -o layers/$$name/requirements.txt || exit 1; done
PIN = .tidewheel/env/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
images: env-sagemaker ## Write the table of image accounts per Region anew from the data of the SageMaker SDK
	.tidewheel/env/sagemaker/bin/python -m local.images
bench: env-demo ## Measure every number that the README claims
	$(TEST)/python -m benchmarks
clean: ## Remove everything that was made here: environments, stacks, builds, caches
	rm -rf .tidewheel .aws-sam .ruff_cache .pytest_cache .hypothesis
