# Test levels that need a cluster: KUBECONFIG names it (eval "$(deploy/local/cluster env --profile light)").
.PHONY: test-api test-simulated test-crash test-rights chaos

E2E = mvn -q -pl operator/controller,operator/e2e -am test -Dsurefire.failIfNoSpecifiedTests=false

test-api: ## what the API server accepts and refuses, and how Flux and Helm judge it
	$(E2E) -Dgroups=api

test-simulated: ## the operator against a real API server and simulated Pods
	$(E2E) -Dgroups=simulated

test-crash: ## the operator killed, misled and cut off
	$(E2E) -Dgroups=crash

test-rights: ## after the other levels: the shipped rights are those that were used
	$(E2E) -Dgroups=rights

chaos: ## the operator killed at each of its writes, a run each
	$(E2E) -Dgroups=crash -Dchaos=all
