import Cryptography

/// The key that signs the log, for the command line.
public enum AuditKey {
  /// Replaces the key, while no portal works on the data folder.
  /// - Parameter isLost: the present key is gone, so that it can't speak for the new one.
  /// - Returns: the new public key.
  /// - Throws: an error whose description is a sentence.
  public static func rotate(
    _ configuration: Configuration, world: World, isLost: Bool
  ) throws -> String {
    let storage = try DataFolder.open(configuration)
    defer { try? storage.close() }
    return try LogKey.rotate(
      configuration.auditKeyFile, isLost: isLost, in: storage, outside: world.outside
    ).text
  }
}
