"""SageMaker inside the emulator's process: it really trains, evaluates and serves, under SageMaker's contracts.

`install()` is all that a launcher calls; decision record 0004 says what is faithful and what is not simulated.
"""

from local.sagemaker.registration import install

__all__ = ["install"]
