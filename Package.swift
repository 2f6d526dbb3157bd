// swift-tools-version: 6.1
import PackageDescription

/// Strictness shared by every Swift target: each file's imports are the true list of what it touches.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Optimised also in debug builds, for the tests run these by the ten thousand.
let optimised = strict + [.unsafeFlags(["-O"])]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "caretaker",
  products: [.executable(name: "caretaker", targets: ["Command"])],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // C: module maps, plus what macros and varargs make necessary. One importer each.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CTLS", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CSys"),

    // The boxes. None knows another, but for AWS, WebAuthn and OpenID, which sign or check
    // signatures, and OpenID, which tells times.
    .target(name: "Rules", swiftSettings: optimised),
    .target(name: "HTTP", dependencies: ["CSys", "CTLS", httpTypes], swiftSettings: optimised),
    .target(name: "Zip", dependencies: ["CZlib"], swiftSettings: optimised),
    .target(name: "Mustache", swiftSettings: optimised),
    .target(name: "QR", swiftSettings: optimised),
    .target(name: "Cryptography", dependencies: ["CArgon2", "COpenSSL"], swiftSettings: optimised),
    .target(name: "AWS", dependencies: ["CCurl", "Cryptography"], swiftSettings: optimised),
    .target(name: "WebAuthn", dependencies: ["Cryptography"], swiftSettings: optimised),
    .target(name: "OpenID", dependencies: ["Cryptography", "Rules"], swiftSettings: optimised),

    // The product, and its command.
    .target(
      name: "Portal",
      dependencies: [
        "Rules", "HTTP", "Zip", "Mustache", "QR", "Cryptography", "AWS", "WebAuthn", "OpenID",
        httpTypes,
        logging,
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [
        .embedInCode("Schema"), .embedInCode("Costs/Book"), .embedInCode("Factors/Common"),
        .embedInCode("Access/Policy"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "Command",
      dependencies: [
        "Portal", "Rules", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // Measured by docker/bench; no part of the product.
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["Portal", "Mustache", "Rules", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Tests/Benchmarks", swiftSettings: strict),

    // A portal that ends itself at a commit, for Tests/Faults.
    .executableTarget(
      name: "CrashDrill",
      dependencies: ["Portal", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Tests/CrashDrill", swiftSettings: strict),
    // What must happen to changes, from the design text alone: `Oracle` imports none of the boxes.
    // Optimised also in debug builds, for it runs by the ten thousand.
    .target(
      name: "ChangeModel", dependencies: ["Rules"], path: "Tests/ChangeModel",
      swiftSettings: optimised),

    // A program beside the tests: peers, and verifiers by other hands.
    .target(name: "ChildProcess", path: "Tests/ChildProcess", swiftSettings: strict),

    // A port for servers that do as a test says.
    .target(name: "LoopbackListener", path: "Tests/LoopbackListener", swiftSettings: strict),

    // A client of any HTTP server that shows what stands on the wire.
    .target(
      name: "WireClient", dependencies: ["CTLS"], path: "Tests/WireClient", swiftSettings: strict),

    // An authenticator in software, with keys of libcrypto.
    .target(
      name: "SoftwareAuthenticator", dependencies: ["COpenSSL", "Cryptography"],
      path: "Tests/SoftwareAuthenticator", swiftSettings: strict),

    // Sentences about behaviour, beside what they are about.
    .testTarget(
      name: "RulesTests", dependencies: ["Rules", "ChangeModel"], swiftSettings: strict),
    .testTarget(
      name: "HTTPTests", dependencies: ["HTTP", "CTLS", "WireClient", httpTypes],
      swiftSettings: strict),
    .testTarget(name: "ZipTests", dependencies: ["Zip", "ChildProcess"], swiftSettings: strict),
    .testTarget(name: "MustacheTests", dependencies: ["Mustache"], swiftSettings: strict),
    .testTarget(name: "QRTests", dependencies: ["QR", "Cryptography"], swiftSettings: strict),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: strict),
    .testTarget(
      name: "WebAuthnTests", dependencies: ["WebAuthn", "Cryptography", "SoftwareAuthenticator"],
      swiftSettings: strict),
    .testTarget(
      name: "OpenIDTests", dependencies: ["OpenID", "Cryptography"], swiftSettings: strict),
    .testTarget(
      name: "AWSTests", dependencies: ["AWS", "Cryptography", "ChildProcess", "LoopbackListener"],
      swiftSettings: strict),
    .testTarget(
      name: "PortalTests",
      dependencies: [
        "Portal", "Rules", "HTTP", "Zip", "Cryptography", "AWS", "ChangeModel", "ChildProcess",
        "LoopbackListener", "WireClient", "WebAuthn", "SoftwareAuthenticator", httpTypes, logging,
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)

/// The part that is built where not all is wanted: `boxes`, what has no other beneath it, with its
/// tests, for the sanitizers of docker/sanitize; `fuzz`, the same with the program of docker/fuzz.
let part = Context.environment["CARETAKER_PART"]

if part == "boxes" || part == "fuzz" {
  let boxes: Set = [
    "Rules", "HTTP", "Zip", "Mustache", "QR", "Cryptography", "AWS", "WebAuthn", "OpenID",
  ]
  let beneath: Set = [
    "CCurl", "COpenSSL", "CTLS", "CArgon2", "CZlib", "CSys", "ChangeModel", "ChildProcess",
    "LoopbackListener", "WireClient", "SoftwareAuthenticator",
  ]
  let kept = boxes.union(beneath).union(boxes.map { $0 + "Tests" })
  package.products = []
  package.targets.removeAll { !kept.contains($0.name) }
}

if part == "fuzz" {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Rules", "HTTP", "Zip", "Mustache", "AWS", "WebAuthn", "OpenID", httpTypes,
      ],
      path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: strict))
}
