import ChildProcess
import Foundation
import Testing

@testable import Portal

/// Both verifiers, which must come to the same.
enum Verifiers {
  /// The verdict of Caretaker, after making sure that the second verifier comes to the same.
  static func verdict(
    on path: String, key: String? = nil, anchors: String? = nil, isPack: Bool = false
  ) throws -> AuditVerdict {
    let verifier = try AuditVerifier(key: key, anchors: anchors)
    let verdict = isPack ? try verifier.verify(pack: path) : try verifier.verify(path)
    let (status, said) = try twin(
      [path] + (key.map { ["--key", $0] } ?? []) + (anchors.map { ["--anchors", $0] } ?? [])
        + (isPack ? ["--pack"] : []))
    #expect(status == verdict.exitCode, "\(said) \(verdict.sentence)")
    if case .tampered(let entry, _) = verdict {
      #expect(said.contains("entry \(entry) "), "\(said) \(verdict.sentence)")
    }
    return verdict
  }

  /// What the second verifier answers.
  static func twin(_ arguments: [String]) throws -> (status: Int32, said: String) {
    let command = [Stage.python, Stage.root + "/docs/audit-verify.py"] + arguments
    return try ChildProcess(command, complaints: .inOutput).finish()
  }
}

extension Verifiers {
  /// What the second verifier answers for each of many files, by one process: status and words.
  static func twin(onEach paths: [String], _ arguments: [String]) throws -> [(Int32, String)] {
    let script = """
      import importlib.util, json, sys
      sys.path.insert(0, sys.argv[1])
      spec = importlib.util.spec_from_file_location("verify", sys.argv[1] + "/audit-verify.py")
      verify = importlib.util.module_from_spec(spec)
      spec.loader.exec_module(verify)
      rest = sys.argv[2:]
      for path in sys.stdin.read().split():
          print(json.dumps(verify.main([path] + rest)))
      """
    let twin = try ChildProcess([Stage.python, "-c", script, Stage.root + "/docs"] + arguments)
    try twin.input.write(contentsOf: Data(paths.joined(separator: "\n").utf8))
    try twin.input.close()
    return try twin.finish().said.split(separator: "\n").map { line in
      let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
      return (Int32(answer?.first as? Int ?? -1), answer?.last as? String ?? "")
    }
  }

  /// The status of Caretaker's own verifier, 3 for what it can't read, and the entry it names.
  static func status(on path: String, key: String?, isPack: Bool) -> (Int32, Int64?) {
    do {
      let verifier = try AuditVerifier(key: key)
      let verdict = isPack ? try verifier.verify(pack: path) : try verifier.verify(path)
      if case .tampered(let entry, _) = verdict { return (verdict.exitCode, entry) }
      return (verdict.exitCode, nil)
    } catch {
      return (3, nil)
    }
  }
}
