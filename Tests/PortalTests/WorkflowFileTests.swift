import Foundation
import Rules
import Testing

@testable import Portal

/// What is understood of a workflow's file.
@Suite struct WorkflowFileTests {
  private func definition(_ on: String, title: String = "x") -> WorkflowDefinition? {
    WorkflowFile.definition(in: "name: x\nrun-name: \(title)\non:\(on)\njobs: {}\n")
  }

  @Test(
    arguments: [
      (" workflow_dispatch", true), (" push", false), (" [push, workflow_dispatch]", true),
      ("\n  workflow_dispatch:", true), ("\n  push:\n    branches: [main]", false), ("", false),
    ])
  func `workflow_dispatch is found in each form that on has`(on: String, isThere: Bool) {
    #expect(definition(on)?.isDispatchable == isThere)
  }

  @Test func `every kind of input is read, in the file's order`() throws {
    let on = """

        workflow_dispatch:
          inputs:
            mode: {type: choice, options: [plan, apply], default: plan, required: true}
            debug: {type: boolean, default: false}
            where: {type: environment, description: the place}
            count: {type: number, default: 2}
            plain:
      """
    let inputs = try #require(definition(on)).inputs
    #expect(inputs.map(\.name) == ["mode", "debug", "where", "count", "plain"])
    #expect(inputs.map(\.kind) == [.choice, .boolean, .environment, .number, .string])
    #expect(inputs[0].options == ["plan", "apply"] && inputs[0].isRequired)
    #expect(inputs[1].standard == "false" && !inputs[1].isRequired)
    #expect(inputs[2].about == "the place" && inputs[3].standard == "2")
  }

  @Test func `a mark needs the input and the title both`() {
    let input = "\n  workflow_dispatch:\n    inputs: {change_id: {type: string}}"
    #expect(definition(input, title: "x ${{ inputs.change_id }}")?.carriesMark == true)
    #expect(definition(input)?.carriesMark == false)
    #expect(
      definition(" workflow_dispatch", title: "${{ inputs.change_id }}")?.carriesMark == false)
  }

  @Test(arguments: ["", "- a", "a: [", "just text", "\u{0}"])
  func `what is no workflow has no definition`(text: String) {
    #expect(WorkflowFile.definition(in: text) == nil)
  }

  @Test func `a file that is longer than any workflow is not read`() {
    let text = "on: workflow_dispatch\n#" + String(repeating: "x", count: WorkflowFile.lengthMax)
    #expect(WorkflowFile.definition(in: text) == nil)
  }

  @Test(arguments: Workflow.all)
  func `the examples of the documents can be started and found again`(file: String) throws {
    let text = try String(contentsOfFile: Stage.root + "/docs/workflows/" + file, encoding: .utf8)
    let found = try #require(WorkflowFile.definition(in: text))
    #expect(found.isDispatchable && found.carriesMark)
    #expect(found.inputs.contains { $0.name == WorkflowDefinition.personInput })
  }

  @Test func `the end of a log is bounded, and holds no colours, control characters or secrets`() {
    let secret = "ghp_" + String(repeating: "a", count: 36)
    let log =
      (1...500).map { "2026-11-24T10:05:09.1234567Z line \($0)" }.joined(separator: "\n")
      + "\n2026-11-24T10:05:10.1234567Z \u{1B}[36;1mtoken \(secret)\u{1B}[0m\u{7}\n"
    let tail = LogTail(log)
    #expect(tail.lines.count == LogTail.linesMax && tail.cut == 301)
    #expect(tail.lines.first?.text == "10:05:09 line 302" && tail.lines.first?.number == 302)
    #expect(tail.lines.last?.text.contains(secret) == false)
    #expect(tail.lines.last?.text.hasPrefix("10:05:10 token") == true)
    #expect(tail.lines.allSatisfy { !$0.text.contains("\u{1B}") && !$0.text.contains("\u{7}") })
    #expect(LogTail("").lines.isEmpty)
    // What is looked for is found in the whole of it, but never inside a secret.
    let found = LogTail(log, holding: "LINE 30")
    #expect(found.lines.map(\.number) == [30] + Array(300...309) && found.cut == 0)
    #expect(LogTail(log, holding: "line").cut == 300)
    #expect(LogTail(log, holding: "aaaa").lines.isEmpty)
  }
}
