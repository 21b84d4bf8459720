"""Many standing questions matched against one measure: the product's index and its peers on one workload."""
