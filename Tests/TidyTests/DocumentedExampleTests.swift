import Foundation
import Testing

/// The examples of the boxes' pages are compiled and run as `ExampleTests` of their targets.
struct DocumentedExampleTests {
  @Test(arguments: [("HTTP", 12), ("Mustache", 15)])
  func `every line of an example stands in its test`(target: String, linesMin: Int) throws {
    let page = Repository.text(of: "Sources/\(target)/\(target).docc/\(target).md")
    let tested = lines(of: Repository.text(of: "Tests/\(target)Tests/ExampleTests.swift"))
    let block = try #require(page.firstMatch(of: /```swift\n([\s\S]*?)```/)).1
    let example = lines(of: String(block))
    #expect(example.count >= linesMin)
    for line in example { #expect(tested.contains(line), "\(line)") }
  }

  private func lines(of text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
