"""What can be wrong with a local stack. Each says what, where, and what to do about it."""

from tidewheel.domain.errors import TidewheelError


class PlatformUnsupported(TidewheelError):
    """This machine or this Python cannot run the local stack."""


class HookMissing(TidewheelError):
    """The emulator is not the version that our extensions were written for."""


class StackUnavailable(TidewheelError):
    """The local stack did not start, is not running, or runs already."""


class DeployFailed(TidewheelError):
    """CloudFormation refused the template or rolled the stack back."""


class BuildFailed(TidewheelError):
    """A layer could not be built."""
