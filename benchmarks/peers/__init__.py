"""Not benchmarks: the programs that `poll_peers` compares, and what it takes to run and to watch them."""
