"""The names of the demo stack. They stand in stack.yaml too; a test keeps the two the same."""

ACCOUNT = "123456789012"
REGION = "us-west-2"
STACK = "GhostInfraStack"
CLUSTER = "GhostInfraStack-ClusterEB0386A7-uKRK9EARdnII"
SERVICE = "GhostInfraStack-ServiceD69D759B-zBJvyMYoz8vS"
LOG_GROUP = "GhostInfraStack-GhostLogs42350297-yG1J1bF43DL9"
TASK_FAMILY = "GhostInfraStackTaskDefB54D3F05"
BUCKET = "ghostinfrastack-ghostmedia4b1c1d0e-abcdefghijkl"
ANCHORS_BUCKET = "example-caretaker-anchors"  # no part of the stack
REPOSITORY = "ghost"
TARGET_GROUP = "Ghost-LBLis-abcdefghijkl"
DATABASE = "ghostinfrastack-database12345678-abcdefghijkl"
DATABASE_SECRET = "GhostInfraStackDatabaseSecret"
OPERATOR_ROLE = "GhostPortalOperator"
RUN_ROLE = "CaretakerRun"  # no part of the stack
DEPLOY_ROLE = "GhostGitHubDeploy"
DOMAIN = "blog.example.com"
ZONE = "example.com"

# The key pair of AWS's own documentation. No account has it.
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
OWNER = "moto"  # whose the demo's key pair is, as moto's GetCallerIdentity has it
