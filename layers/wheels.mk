# How a layer gets its wheels. A layer's Makefile includes this file.
# LAYER_PYTHON and LAYER_ARCH say for which Lambda; PYTHON says with which interpreter, whose version does not matter.

PYTHON ?= python3
LAYER_PYTHON ?= 3.13
LAYER_ARCH ?= arm64
MACHINE = $(LAYER_ARCH:arm64=aarch64)
SITE = $(ARTIFACTS_DIR)/python

# Wheels only, each by its digest; Lambda's Amazon Linux 2023 has glibc 2.34 and runs all of these platforms' wheels.
define install-wheels
rm -rf $(SITE)
$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-compile \
	--only-binary :all: --implementation cp --python-version $(LAYER_PYTHON) \
	--platform manylinux_2_28_$(MACHINE) --platform manylinux_2_27_$(MACHINE) --platform manylinux2014_$(MACHINE) \
	--target $(SITE) --requirement requirements.txt
rm -rf $(SITE)/bin
endef

# /opt is read-only in Lambda: without bytecode every cold start compiles. Only the same Python can make it ahead.
# It names the files as they will lie in Lambda: equal sources give equal layers, wherever they are built.
define compile
if $(PYTHON) -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(LAYER_PYTHON)")'; then \
	$(PYTHON) -m compileall -q --invalidation-mode unchecked-hash -s $(ARTIFACTS_DIR) -p /opt $(SITE); fi
endef
