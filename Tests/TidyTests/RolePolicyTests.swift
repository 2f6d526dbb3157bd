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

  @Test func `a role that only reads can't change anything`() throws {
    for statement in try policy() where statement.Sid.hasPrefix("Read") {
      let changing = Set(statement.Action).subtracting(used("read")).subtracting(Self.besides.keys)
      #expect(changing.sorted() == [], "\(statement.Sid)")
    }
  }
}
