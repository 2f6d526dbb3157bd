import Testing

@testable import AWS

struct SharedFilesTests {
  private func profiles(config: String = "", credentials: String = "") -> [String: [String: String]]
  {
    var files = SharedFiles()
    files.add(config, isConfig: true)
    files.add(credentials, isConfig: false)
    return files.profiles
  }

  @Test func `profiles are named with a prefix in one file and without in the other`() {
    let profiles = profiles(
      config: "[default]\nregion=a\n[profile blog]\nregion = b\n[blog2]\nregion=c\n",
      credentials: "[blog]\naws_access_key_id = AKIA\n")
    #expect(profiles["default"] == ["region": "a"])
    #expect(profiles["blog"] == ["region": "b", "aws_access_key_id": "AKIA"])
    #expect(profiles["blog2"] == nil)
  }

  @Test func `the credentials file counts where both have a setting`() {
    let profiles = profiles(
      config: "[default]\naws_access_key_id=old\n",
      credentials: "[default]\naws_access_key_id=new\n")
    #expect(profiles["default"]?["aws_access_key_id"] == "new")
  }

  @Test func `comments, nested settings and other sections are passed over`() {
    let profiles = profiles(
      config: """
        # [profile commented]
        stray = 1
        [sso-session x]
        sso_region = a
        [profile a]
        ; no = 1
        s3 =
          max_concurrent_requests = 20
        Role_Arn = arn:aws:iam::1:role/r=x
        broken line
        [profile unclosed
        """)
    #expect(profiles == ["a": ["s3": "", "role_arn": "arn:aws:iam::1:role/r=x"]])
  }

  @Test func `line ends of Windows are line ends`() {
    #expect(
      profiles(credentials: "[default]\r\naws_access_key_id = A\r\n")
        == ["default": ["aws_access_key_id": "A"]])
  }

  @Test func `a file that is not there holds nothing`() async {
    #expect(await SharedFiles.read(["HOME": "/nowhere/at/all"]).profiles.isEmpty)
    #expect(await SharedFiles.read([:]).profiles.isEmpty)
  }
}
