"""The sample service's process: `python -m bench.run_sample [role …]`."""

from bench.sample import SAMPLE
from chassis.main import main

if __name__ == "__main__":
    main(SAMPLE)
