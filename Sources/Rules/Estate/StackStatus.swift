/// What CloudFormation's word for the standing of a stack means, and what to do about it (“Stack
/// status codes”, AWS CloudFormation User Guide).
public enum StackStatus {
  /// What it means, in a sentence.
  public static func words(_ status: String) -> String {
    switch status {
    case "CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE": "The stack is settled."
    case "UPDATE_ROLLBACK_COMPLETE":
      "The last update failed and everything was put back. The stack takes updates."
    case "UPDATE_ROLLBACK_FAILED":
      "The last update failed, and putting it back failed too. Some resources are as before the "
        + "update, some as after it, and the stack takes no update until that is mended."
    case "ROLLBACK_COMPLETE":
      "The stack could not be made and holds nothing. It takes no update: it can only be deleted."
    case "ROLLBACK_FAILED", "CREATE_FAILED":
      "The stack could not be made, and what was made of it is still there."
    case "DELETE_FAILED": "A deletion stopped halfway: what could not be deleted is still there."
    case "REVIEW_IN_PROGRESS": "The stack has a change set and nothing else: it was never made."
    case "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
      "The update is done; what it replaced is being deleted."
    case let other where other.hasSuffix("ROLLBACK_IN_PROGRESS"):
      "An update failed and is being put back."
    case let other where other.hasSuffix("_IN_PROGRESS"): "The stack is being worked on."
    default: "CloudFormation calls it \(status)."
    }
  }

  /// What to do about it.
  public static func remedy(_ status: String) -> String {
    switch status {
    case "UPDATE_ROLLBACK_FAILED":
      "Mend what the stack's events name as the first failure, then continue the rollback. A "
        + "resource that is skipped then differs from the template."
    case "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED":
      "Look at the stack's events for the first failure, delete the stack and deploy again."
    case "DELETE_FAILED":
      "The stack's events name what could not be deleted: empty or unlock it, and delete again."
    default: "Look at the stack's events for the first failure."
    }
  }
}
