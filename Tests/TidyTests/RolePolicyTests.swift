import FoundationEssentials
import Testing

/// The policy for Caretaker's role, held against the calls that the client can make.
@Suite struct RolePolicyTests {
  private struct Policy: Decodable {
    struct Statement: Decodable {
      let Sid: String
      let Action: [String]
    }
    let Statement: [Statement]
  }

  /// What AWS asks for beside the action of the call, each with the call that needs it.
  private static let besides = [
    "ecs:TagResource": "RegisterTaskDefinition, with the tags of the revision before",
    "rds:AddTagsToResource": "CopyDBSnapshot, with the tags of the snapshot",
    "s3:GetObjectVersion": "CopyObject, of an older version",
    "s3:PutObjectRetention": "PutObject, of an anchor in a bucket with Object Lock",
    "iam:PassRole": "RegisterTaskDefinition, with the task's roles",
  ]

  /// What a session of a run is allowed, by the call: the action, and whether on all resources.
  private func table() -> [String: (action: String, isOnAll: Bool)] {
    let text = Repository.text(of: "Sources/Rules/Access/CallAccessTable.swift")
    let row = /^\s*"(\w+:\w+)"(?:, action: "([\w:]+)")?/
    let rows = text.split(separator: "CallAccess(").compactMap { part in
      part.firstMatch(of: row).map { match in
        (String(match.1), (String(match.2 ?? match.1), part.contains("onAllFor:")))
      }
    }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  /// Every call on AWS that a step of any kind of change makes.
  private func stepCalls() -> Set<String> {
    let services =
      "acm|cloudformation|cloudwatch|ecr|ecs|elasticloadbalancing|events|logs|rds|"
      + "route53|s3|ses|sns"
    let lines = Repository.files(below: "Sources/Portal", endingIn: ".swift")
      .map(Repository.text(of:))
    var calls: Set<String> = []
    guard
      let named = try? Regex(
        "service: \"(\(services))\",\\s*operation: ([^,]+?)(?:, words|,\\n)",
        as: (Substring, Substring, Substring).self),
      let short = try? Regex(
        "step\\(\\s*\"(\(services))\", \"(\\w+)\"", as: (Substring, Substring, Substring).self)
    else { return [] }
    for text in lines {
      for match in text.matches(of: named) {
        // A choice of two is written with both names; a constant, with its own.
        let operations = match.2.matches(of: /"([A-Z]\w+)"/).map { String($0.1) }
        let constant = match.2 == "restoreOfSnapshot" ? ["RestoreDBInstanceFromDBSnapshot"] : []
        for operation in operations + constant { calls.insert("\(match.1):\(operation)") }
      }
      for match in text.matches(of: short) { calls.insert("\(match.1):\(match.2)") }
    }
    return calls
  }

  @Test func `sessions of runs are allowed every call of every kind's steps, and no other`()
    throws
  {
    let table = table()
    #expect(table.count >= 35)
    #expect(stepCalls().subtracting(table.keys).sorted() == [])
    #expect(Set(table.keys).subtracting(stepCalls()).sorted() == [])
    // The action is the one that the client's call is allowed by.
    let writes = used("write")
    for (call, row) in table { #expect(writes.contains(row.action), "\(call)") }
    let run = try policy().filter { ["RunChanges", "PassTheTasksRoles"].contains($0.Sid) }
    #expect(Set(table.values.map(\.action)).subtracting(run.flatMap(\.Action)).sorted() == [])
  }

  @Test func `operations names what is allowed on all resources, with why`() {
    let text = Repository.text(of: "docs/operations.md")
    let named = Set(text.matches(of: /\| `([\w:]+)` \| [A-Z]/).map { String($0.1) })
    let onAll = table().filter(\.value.isOnAll).keys
    #expect(named.intersection(table().keys) == Set(onAll))
  }

  /// The role that a site names is allowed by its own trust policy and the machine's role.
  private static let elsewhere: Set = ["sts:AssumeRole"]

  private func policy() throws -> [Policy.Statement] {
    let text = Repository.text(of: "docs/role-policy.json")
    return try JSONDecoder().decode(Policy.self, from: Data(text.utf8)).Statement
  }

  /// Every action of a kind of call in the sources of the client.
  private func used(_ kind: String) -> Set<String> {
    var prefixes: [Substring: Substring] = [:]
    let service = /static let (\w+) = API\(\s*"[^"]+", action: "(\w+)"/
    for match in Repository.text(of: "Sources/AWS/API.swift").matches(of: service) {
      prefixes[match.1] = match.2
    }
    let call = /\.(read|write)\(\s*\.(\w+), "(\w+)"(?:, action: "(\w+)")?/
    var actions: Set<String> = []
    for file in Repository.files(below: "Sources/AWS", endingIn: ".swift") {
      for match in Repository.text(of: file).matches(of: call) where match.1 == kind {
        guard let prefix = prefixes[match.2] else { continue }
        actions.insert("\(prefix):\(match.4 ?? match.3)")
      }
    }
    return actions
  }

  @Test func `the role's policy allows every call, and nothing that is not called`() throws {
    let allowed = Set(try policy().flatMap(\.Action))
    let called = used("read").union(used("write")).subtracting(Self.elsewhere)
    #expect(called.count >= 80)
    #expect(called.subtracting(allowed).sorted() == [])
    #expect(allowed.subtracting(called).subtracting(Self.besides.keys).sorted() == [])
    #expect(Set(Self.besides.keys).subtracting(allowed).sorted() == [])
  }

  /// What nobody calls would be one more right that the role has for nothing.
  @Test func `every call that the client can make is made`() {
    let isOfWord: (UInt8) -> Bool = { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 | 0x20 }
    var counts: [String: Int] = [:]
    for folder in ["Sources/AWS", "Sources/Portal"] {
      for file in Repository.files(below: folder, endingIn: ".swift") {
        for word in Repository.text(of: file).utf8.split(whereSeparator: { !isOfWord($0) }) {
          counts[String(decoding: word, as: UTF8.self), default: 0] += 1
        }
      }
    }
    for file in Repository.files(below: "Sources/AWS", endingIn: ".swift") {
      for match in Repository.text(of: file).matches(of: /public func (\w+)[(<]/) {
        // Once it stands where it is declared.
        #expect(counts[String(match.1), default: 0] > 1, "\(file): \(match.1)")
      }
    }
  }

  @Test func `a role that only reads can't change anything`() throws {
    for statement in try policy() where statement.Sid.hasPrefix("Read") {
      let changing = Set(statement.Action).subtracting(used("read")).subtracting(Self.besides.keys)
      #expect(changing.sorted() == [], "\(statement.Sid)")
    }
  }
}
