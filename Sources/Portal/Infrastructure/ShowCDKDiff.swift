import Foundation
import HTTP
import HTTPTypes
import Mustache
import Rules
import Zip

extension Portal {
  /// What `cdk diff` said in the run that made a change set, from the run's artifact. Reads GitHub
  /// now, for that is what was asked for.
  func showCDKDiff(_ visit: Visit) async throws -> Response {
    let update = try await plannedUpdate(of: visit)
    let github = outside.cloud(configuration.sites[0]).github
    do {
      let archive = try await github.cdkDiff(of: update)
      let text = try await files.run { try CDKDiff.text(in: archive) }
      return page(CDKDiffPage(update: update, difference: text, failure: ""), for: visit)
    } catch let error as any SpokenError {
      return page(
        CDKDiffPage(update: update, difference: "", failure: error.sentence), for: visit,
        status: .badGateway)
    }
  }
}

/// What infra-deploy leaves behind of `cdk diff`.
enum CDKDiff {
  static let artifact = "cdk-diff"
  /// The most bytes of it that are shown.
  static let bytesMax = 512 << 10

  /// The first file of the artifact as text, without what looks like a secret. Blocks.
  static func text(in archive: [UInt8]) throws -> String {
    let path = NSTemporaryDirectory() + "caretaker-artifact-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(archive), attributes: [.posixPermissions: 0o600])
    else { throw PlanProblem("The artifact could not be written to \(path).") }
    do {
      let zip = try ZipArchive(path: path)
      guard let entry = zip.entries.first(where: { !$0.isFolder }) else {
        throw PlanProblem("The artifact is empty.")
      }
      let text = try zip.contents(of: entry, bytesMax: bytesMax)
      return SecretScan.redacted(String(decoding: text, as: UTF8.self))
    } catch let problem as ZipProblem {
      throw PlanProblem("The artifact can't be read. \(problem)")
    }
  }
}

extension GitHub {
  /// The archive with the text of `cdk diff`, from the run that made a change set.
  /// - Throws: ``PlanProblem`` where there is none.
  func cdkDiff(of update: PlannedUpdate) async throws -> [UInt8] {
    guard let run = update.runID else {
      throw PlanProblem("“\(update.name)” was not made by a run of infra-deploy.")
    }
    guard let found = try await artifacts(of: run).first(where: { $0.name == CDKDiff.artifact })
    else { throw PlanProblem("The run that made it left no \(CDKDiff.artifact) behind.") }
    guard !found.expired else {
      throw PlanProblem("GitHub keeps the run's \(CDKDiff.artifact) no longer.")
    }
    return try await artifact(found.id)
  }
}

/// The text of `cdk diff`, beside the change set it belongs to.
struct CDKDiffPage: Page {
  let update: PlannedUpdate
  let difference: String
  let failure: String

  static let template = "infrastructure/cdk-diff"
  static let section: Section? = .infrastructure
  var title: String { "cdk diff of \(update.name)" }

  static let fields: [Field<CDKDiffPage>] = [
    .text("name", { $0.update.name }), .text("difference", { $0.difference }),
    .text("failure", { $0.failure }),
    .link("back", { "/infrastructure/change-sets/\($0.update.pageID)" }),
  ]
}
