import Rules

extension ServiceFacts: Shown {
  var known: String {
    let tasks = desired == 1 ? "task runs" : "tasks run"
    let rollout = rollout == "COMPLETED" ? "" : ", deployment \(rollout.lowercased())"
    return "\(running) of \(desired) \(tasks)\(rollout); \(sizeWords); \(revision); image \(tag)"
  }

  var details: [Detail] {
    [
      Detail("Tasks", "\(running) running, \(pending) starting, \(desired) asked for"),
      Detail("Task size", "\(sizeWords), \(architecture)"),
      Detail("Revision", revision), Detail("Image", image),
      Detail("Deployment", "\(rollout.lowercased()), \(count(deployments, "deployment")) in all"),
      Detail("Circuit breaker", breaker),
      Detail("Folders that outlive a task", persistentPaths.joined(separator: ", ")),
      Detail("Mails as", mailFrom ?? "not set"),
      Detail("Cluster", cluster),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "What ECS says", ["When", "Message"], events.map { [$0.at.local, $0.message] },
        empty: "ECS has said nothing lately.")
    ]
  }

  /// The image's tag or digest, without registry and repository.
  private var tag: String {
    let name = image.split(separator: "/").last.map(String.init) ?? image
    return name.split(separator: "@").last.map(String.init) ?? name
  }
}

extension TaskFacts: Shown {
  var known: String {
    let stopped = stopped.isEmpty ? "" : "; \(count(stopped.count, "task")) stopped lately"
    return count(running.count, "task") + " running or starting" + stopped
  }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Running tasks", ["Task", "State", "Health", "Started", "Zone", "Revision", "Digest"],
        running.map {
          [
            $0.id, $0.status.lowercased(), $0.health.lowercased(), $0.startedAt.local, $0.zone,
            $0.revision, $0.digest,
          ]
        }, empty: "No task runs.")
    ]
  }
}

extension RolloutFacts: Shown {
  var known: String {
    let last = rollouts.first.map { "the last one is \($0.statusWords)" } ?? "none in 90 days"
    return last + "; \(count(revisions.count, "revision"))"
  }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Rollouts", ["Began", "State", "Revision", "Digest", "What ECS says"],
        rollouts.map {
          [
            $0.startedAt.local, $0.statusWords, $0.revision, $0.digest, $0.reason,
          ]
        }, empty: "There was none in 90 days."),
      DetailTable(
        "Revisions", ["Revision", "State", "Image"],
        revisions.map { [$0.name, $0.isActive ? "active" : "deregistered", $0.image] },
        empty: "There is none."),
    ]
  }
}

extension String {
  /// As much of a digest as people read.
  var short: String { String(prefix(ImageSummary.digestLength)) }
}

extension ImageFacts: Shown {
  var known: String {
    "\(count(images.count, "image")); tags \(mutability.lowercased()); newest "
      + (images.first.map { $0.tags.first ?? String($0.digest.prefix(19)) } ?? "none")
  }

  var details: [Detail] {
    [
      Detail("Repository", repository), Detail("Tags", mutability.lowercased()),
      Detail("Scanned on push", scansOnPush),
      Detail("Lifecycle rules", String(lifecycle.count)),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Images", ["Tags", "Digest", "Pushed", "Size", "State"],
        images.map {
          [
            $0.tags.joined(separator: ", "), $0.digest, $0.pushedAt.local,
            bytes($0.bytes), $0.status.lowercased(),
          ]
        }, empty: "The repository is empty.")
    ]
  }
}
