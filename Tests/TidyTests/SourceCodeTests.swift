import Glibc
import Testing

/// What the product's own code never does, so that whole classes of mistakes can't be made.
@Suite struct SourceCodeTests {
  private func found(
    _ isWrong: (Substring) -> Bool, in files: [SourceFile],
    _ lines: (SourceFile) -> [Substring] = { $0.code }
  ) -> [String] {
    files.flatMap { file in
      lines(file).enumerated().filter { isWrong($0.element) }
        .map { "\(file.path):\($0.offset + 1): \($0.element)" }
    }
  }

  private var product: [SourceFile] {
    Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }
  }

  private static func startsProgram(_ line: Substring) -> Bool {
    line.holds(["Process(", "Task(", "spawn", "exec", "popen(", "fork("])
      && line.contains(/\b(Process|NSTask|posix_spawnp?|execvp?e?|popen|fork|vfork)\(/)
  }

  @Test func `the product starts no program`() {
    #expect(found(Self.startsProgram, in: product) == [])
    #expect(Self.startsProgram("  let child = Process()"))
    #expect(Self.startsProgram("posix_spawn(&pid, path, nil, nil, argv, environ)"))
    #expect(!Self.startsProgram("struct InProcess {}"))
  }

  /// What may stand in a statement: names and marks that are written in the source.
  private static let written: Set<Substring> = [
    "columns", "marks", "Self.marks", "table", "column", "index", "isContext", "person.isEmpty",
  ]

  private static func writesValue(_ line: Substring) -> Bool {
    guard line.holds(["\\("]) else { return false }
    // Mail has a FROM of its own.
    let line = line.replacing("MAIL FROM", with: "")
    guard line.contains(/\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|VALUES|JOIN|PRAGMA)\b/) else {
      return false
    }
    return line.matches(of: /\\\(([A-Za-z.]+)/).contains { !written.contains($0.1) }
  }

  @Test func `no statement of SQL has a value written into it`() {
    #expect(found(Self.writesValue, in: product) { $0.lines } == [])
    #expect(Self.writesValue(#"sql: "SELECT * FROM people WHERE login = '\(login)'""#))
    #expect(!Self.writesValue(#"sql: "SELECT \(columns) FROM people WHERE id = ?""#))
  }

  private static func comparesSecret(_ line: Substring) -> Bool {
    guard line.holds(["== ", "!= "]) else { return false }
    return line.contains(/(?i)(token|seal|hmac|secret|password)\w*\)? (==|!=) (?!nil|\.)/)
      || line.contains(/(?i)(==|!=) \w[\w.]*(token|seal|hmac|secret|password)\b/)
  }

  @Test func `what proves who somebody is, is compared in constant time`() {
    let guarded = product.filter {
      $0.path.hasPrefix("Sources/Portal/") || $0.path.hasPrefix("Sources/Cryptography/")
    }
    #expect(found(Self.comparesSecret, in: guarded) == [])
    #expect(Self.comparesSecret("guard token == caller.formToken else {"))
    #expect(Self.comparesSecret("if typed != right.password {"))
    #expect(!Self.comparesSecret("guard token == nil else {"))
  }
}

extension Substring {
  /// Whether one of these stands here; quicker than a pattern, which then looks at what is left.
  fileprivate func holds(_ words: [String]) -> Bool {
    withCString { line in words.contains { strstr(line, $0) != nil } }
  }
}
