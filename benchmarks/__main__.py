"""`python -m benchmarks`: every number that the README claims, one after the other."""

from benchmarks import cold_import, transitions, turn, validate

for benchmark in (turn, cold_import, transitions, validate):
    print(f"\n{(benchmark.__doc__ or '').splitlines()[0]}", flush=True)
    benchmark.main()
