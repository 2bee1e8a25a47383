.PHONY: chart-test chart-golden

chart-test: ## tests the charts without a cluster
	helm/test

chart-golden: ## writes what the charts render: goldens, deploy/install.yaml, the table of values
	helm/test --update
