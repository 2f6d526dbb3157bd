"""Which task definitions Fargate takes.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

import re

from ..errors import AwsError

GB = 1024

# Memory in MiB by CPU units.
PAIRS = {
    256: [512, 1 * GB, 2 * GB],
    512: range(1 * GB, 4 * GB + 1, GB),
    1024: range(2 * GB, 8 * GB + 1, GB),
    2048: range(4 * GB, 16 * GB + 1, GB),
    4096: range(8 * GB, 30 * GB + 1, GB),
    8192: range(16 * GB, 60 * GB + 1, 4 * GB),
    16384: range(32 * GB, 120 * GB + 1, 8 * GB),
}


def check_task_definition(parameters: dict) -> None:
    """Raises ClientException unless the definition is for EC2 or one that Fargate can run."""
    if "FARGATE" not in parameters.get("requiresCompatibilities", []):
        return
    if parameters.get("networkMode") != "awsvpc":
        raise AwsError("ClientException", "Fargate only supports network mode 'awsvpc'.")
    cpu = _amount(parameters.get("cpu"), "cpu", "vcpu")
    memory = _amount(parameters.get("memory"), "memory", "gb")
    if memory not in PAIRS.get(cpu, []):
        raise AwsError(
            "ClientException",
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory.",
        )
    containers = parameters["containerDefinitions"]
    if sum(c.get("memory", c.get("memoryReservation", 0)) for c in containers) > memory:
        raise AwsError(
            "ClientException",
            "Total memory of the containers exceeds the memory of the task definition.",
        )
    if any(".dkr.ecr." in c.get("image", "") for c in containers):
        if not parameters.get("executionRoleArn"):
            raise AwsError(
                "ClientException",
                "Fargate requires task definition to have execution role ARN "
                "to support ECR images.",
            )


def _amount(value: str | None, name: str, unit: str) -> int:
    """CPU units or MiB, from `256`, `.25 vCPU` or `0.5 GB`."""
    match = re.fullmatch(r"(\d*\.?\d+)\s*(\w*)", value or "")
    if not match or match[2].lower() not in ("", unit):
        raise AwsError("ClientException", f"Invalid '{name}' setting for task: {value}")
    return round(float(match[1]) * (1024 if match[2] else 1))
