import Rules
import Yams

/// Reads what a workflow's file says of how it is started by hand (GitHub, "Workflow syntax").
enum WorkflowFile {
  /// The most characters of a file that are read.
  static let lengthMax = 256 << 10
  /// The most inputs GitHub takes with a dispatch.
  static let inputsMax = 25

  /// The definition; nil where the text is no workflow.
  static func definition(in text: String) -> WorkflowDefinition? {
    guard text.utf8.count <= lengthMax, let root = try? compose(yaml: text)?.mapping else {
      return nil
    }
    let inputs = inputs(in: root)
    let title = root.value("run-name")?.scalar?.string ?? ""
    let mark = WorkflowDefinition.changeInput
    return WorkflowDefinition(
      isDispatchable: isDispatchable(root.value("on")),
      carriesMark: title.contains(mark) && inputs.contains { $0.name == mark }, inputs: inputs)
  }

  /// `on` is one event, a list of them, or each with what it is narrowed to.
  private static func isDispatchable(_ on: Node?) -> Bool {
    let event = "workflow_dispatch"
    return switch on {
    case .scalar(let one)?: one.string == event
    case .sequence(let all)?: all.contains { $0.scalar?.string == event }
    case .mapping(let all)?: all.contains { $0.key.scalar?.string == event }
    default: false
    }
  }

  private static func inputs(in root: Node.Mapping) -> [WorkflowInput] {
    let dispatch = root.value("on")?.mapping?.value("workflow_dispatch")?.mapping
    return (dispatch?.value("inputs")?.mapping ?? [:]).compactMap { key, node in
      key.scalar.map { input($0.string, node.mapping ?? [:]) }
    }
  }

  private static func input(_ name: String, _ says: Node.Mapping) -> WorkflowInput {
    func text(_ key: String) -> String { says.value(key)?.scalar?.string ?? "" }
    return WorkflowInput(
      name: name, kind: WorkflowInput.Kind(rawValue: text("type")) ?? .string,
      about: text("description"), isRequired: text("required") == "true",
      standard: text("default"),
      options: (says.value("options")?.sequence ?? []).compactMap { $0.scalar?.string })
  }
}

extension Node.Mapping {
  /// The value of a key by its very letters: YAML 1.1 takes `on` for a truth.
  fileprivate func value(_ key: String) -> Node? {
    first { $0.key.scalar?.string == key }?.value
  }
}
