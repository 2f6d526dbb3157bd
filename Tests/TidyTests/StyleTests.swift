import Testing

/// The style that no compiler and no formatter knows.
struct StyleTests {
  @Test(arguments: Rule.all)
  func `every Swift file keeps the rule`(rule: Rule) throws {
    try #require(Repository.swiftFiles.count > 20, "the sources were not found")
    for file in Repository.swiftFiles where rule.exceptions[file.path] == nil {
      for finding in rule.findings(in: file) { Issue.record("\(finding)") }
    }
  }

  @Test(arguments: Rule.all)
  func `the rule finds a file that breaks it`(rule: Rule) {
    let file = SourceFile(path: rule.broken.path, text: rule.broken.text)
    #expect(!rule.findings(in: file).isEmpty)
  }

  @Test(arguments: Rule.all)
  func `the rule finds nothing in a file that keeps it`(rule: Rule) {
    let text = #"""
      /// Says try! and print( and Date() and fatalError( in a comment.
      // The lock of this class guards it.
      final class Box: @unchecked Sendable {
        let text = "try! as! print(\(count)) FIXME } {"
        func draw() { log.print(date) }
        func `raw "identifier" {`() {}
      }
      """#
    #expect(rule.findings(in: SourceFile(path: "Sources/A/Box.swift", text: text)) == [])
  }

  @Test(arguments: Rule.all)
  func `an exception that is no longer needed is taken away`(rule: Rule) {
    for path in rule.exceptions.keys {
      let file = Repository.swiftFiles.first { $0.path == path }
      #expect(file.map(rule.findings(in:))?.isEmpty == false, "\(path) keeps the rule")
    }
  }

  @Test func `code, comments and strings are told apart`() {
    let text = ##"""
      let a = "x // \(f("y", { 1 })) z" // c1 "q"
      /* c2 " */ let b = #"\("#; let `c "d` = """
        { " }
        """ + d
      """##
    let file = SourceFile(path: "Sources/A/A.swift", text: text)
    let code = file.code.map { $0.split(separator: " ").joined(separator: " ") }
    let comments = file.comments.map { $0.split(separator: " ").joined(separator: " ") }
    #expect(code[0] == "let a = f( , { 1 })")
    #expect(code[1].hasPrefix("let b = ; let"))
    #expect(code[2] == "")
    #expect(code[3] == "+ d")
    #expect(comments == ["// c1 \"q\"", "/* c2 \"", "", ""])
  }

  @Test func `a function's lines are counted from its name to its brace`() {
    let text = """
      protocol P {
        func a()
        init(b: Int)
      }
      struct S {
        init(
          c: () -> Void = { x() }
        ) {
          if d { e() }
          self.init(f: 1)
        }
        func g() { func h() {
          }
        }
      }
      """
    let spans = FunctionSpan.all(in: SourceFile(path: "Sources/A/A.swift", text: text))
    #expect(spans.map(\.firstLine) == [6, 12])
    #expect(spans.map(\.lineCount) == [6, 3])
  }
}
