"""The two kinds of refusal."""


class AwsError(Exception):
    """A refusal AWS would give to a well-formed call, such as InvalidDBInstanceState."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class Violation(AwsError):
    """A call no correct client makes: a wrong signature, an unknown operation or field.

    Kept apart from AwsError so that a test can ask whether the client under test ever made one.
    """
