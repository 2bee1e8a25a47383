# Targets of the local cluster, for the Makefile at the top of the repository.
.PHONY: toolchain cluster-up cluster-down cluster-status test-cluster test-isolation

PROFILE ?= node

toolchain:
	deploy/local/check --cluster
	deploy/local/toolchain/build

cluster-up:
	deploy/local/cluster up --profile $(PROFILE)

cluster-down:
	deploy/local/cluster down --profile $(PROFILE)

cluster-status:
	deploy/local/cluster status --profile $(PROFILE)

test-cluster:
	deploy/local/test-cluster

test-isolation:
	deploy/local/test-isolation
