import AWS
import Cryptography
import Foundation
import Rules
import Testing

@testable import Portal

/// The clients of GitHub and Ghost against peers that enforce what the real ones do.
@Suite(.serialized) struct ClientTests {
  private let github: FakeGitHub
  private let blog: FakeBlog

  init() throws {
    github = try FakeGitHub.ofClients.get()
    try github.reset()
    blog = try FakeBlog.ofClients.get()
    try blog.reset()
  }

  private func cloud(on stage: Stage) -> Cloud {
    stage.portal.outside.cloud(stage.portal.configuration.sites[0])
  }

  @Test func `the token for Ghost is the one its own tools would make`() {
    let key =
      "6748592f4b9b7700010f6564:b1b5b9c1d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1"
    #expect(
      GhostToken.make(key: Secret(key), at: Moment(ms: 1_700_000_000_000)) == """
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjY3NDg1OTJmNGI5Yjc3MDAwMTBmNjU2NCJ9.\
        eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMCwiYXVkIjoiL2FkbWluLyJ9.\
        QWt7XShOVq8aFqUOaSzJ0jFSd8slPzp4lTtEI_yLRXw
        """)
    for wrong in ["", "abc", "6748592f4b9b7700010f6564:b1", "\"6748592f4b9b7700010f65:" + key] {
      #expect(GhostToken.make(key: Secret(wrong), at: Moment(ms: 0)) == nil)
    }
  }

  @Test func `GitHub tells its workflows, runs, jobs and commits`() async throws {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    #expect(
      Set(try await reads.workflows().map(\.file))
        == ["infra-deploy.yml", "image-deploy.yml", "theme-deploy.yml"])
    let run = try #require(try await reads.runs(of: "image-deploy.yml").first)
    #expect(run.file == "image-deploy.yml")
    #expect(run.conclusion == "success")
    #expect(try await !reads.jobs(of: run.id).isEmpty)
    #expect(try await reads.commits(touching: "theme/").allSatisfy { $0.sha.count == 40 })
    #expect(reads.standing.remaining != nil)
    #expect(reads.standing.tokenUntil != nil)
    try await stage.end()
  }

  @Test func `what GitHub sends on to another host goes there without the token`() async throws {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    let run = try #require(try await reads.runs(of: "theme-deploy.yml").first)
    let job = try #require(try await reads.jobs(of: run.id).first)
    #expect(try await !reads.log(of: job.id).isEmpty)
    #expect(try await reads.archive(at: "main").starts(with: Array("PK".utf8)))
    #expect(try github.leaks() == 0)
    try await stage.end()
  }

  @Test func `what has not changed at GitHub costs none of its calls`() async throws {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    let first = try await reads.workflows()
    let left = reads.standing.remaining
    #expect(try await reads.workflows() == first)
    #expect(reads.standing.remaining == left)
    try await stage.end()
  }

  @Test func `GitHub is left alone as long as it asks`() async throws {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    try github.change("limits", "{\"remaining\": 0, \"reset_in_s\": 600}")
    await #expect(throws: GitHubError.self) { try await reads.workflows() }
    let before = try github.calls().count
    do {
      _ = try await reads.workflows()
      Issue.record("it was asked again")
    } catch let error as GitHubError {
      #expect(error.sentence.hasPrefix("GitHub has asked to be left alone."))
    }
    #expect(try github.calls().count == before)
    try await stage.end()
  }

  @Test func `Ghost tells its settings to an integration`() async throws {
    let stage = try Stage(blog: blog)
    let reads = cloud(on: stage).ghost
    #expect(try await reads.settings().activeTheme != nil)
    try await stage.end()
  }

  @Test(arguments: [false, true])
  func `what only a staff token may do is said in words`(isGhost5: Bool) async throws {
    if isGhost5 { try blog.change("{\"refuses_with_501\": true}") }
    let stage = try Stage(blog: blog)
    let reads = cloud(on: stage).ghost
    do {
      _ = try await reads.send("GET", "/themes/")
      Issue.record("an integration listed themes")
    } catch let error as GhostError {
      #expect(error.sentence.contains("an integration's key can't, a staff access token can"))
      #expect(error.effect == .none)
    }
    #expect(try await reads.send("GET", "/themes/", by: .staff).status == 200)
    try await stage.end()
  }

  @Test func `without a token or key the sentence says where to put one`() async throws {
    let stage = try Stage()
    let reads = cloud(on: stage)
    let refused = await #expect(throws: GitHubError.self) { try await reads.github.workflows() }
    #expect(refused?.sentence.contains("github_token_file") == true)
    let locked = await #expect(throws: GhostError.self) { try await reads.ghost.settings() }
    #expect(locked?.sentence.contains("ghost_key_file") == true)
    try await stage.end()
  }
}
