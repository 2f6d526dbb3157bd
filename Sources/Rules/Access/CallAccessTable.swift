extension CallAccess {
  /// Every call that a step may make on AWS.
  static let all: [String: CallAccess] = Dictionary(
    uniqueKeysWithValues: (compute + stores + network + telling).map { ($0.call, $0) })

  private static let compute: [CallAccess] = [
    CallAccess(
      "ecs:RegisterTaskDefinition",
      besides: [
        Beside(action: "ecs:TagResource") { called in
          let revision = called.end("basedOn").split(separator: ":").first ?? ""
          return [called.place.arn("ecs", "task-definition/\(revision):*")]
        },
        // Which roles the tasks have stands in the revision that is copied, not in the plan.
        Beside(
          action: "iam:PassRole",
          condition: ["StringEquals": ["iam:PassedToService": "ecs-tasks.amazonaws.com"]]
        ) { [$0.place.global("iam", account: $0.place.account, "role/*")] },
      ], onAllFor: "A revision that is not registered yet has no ARN."),
    CallAccess("ecs:UpdateService") {
      [$0.place.arn("ecs", "service/" + $0.end("cluster") + "/" + $0.end("service"))]
    },
    CallAccess("ecs:StopServiceDeployment") { [$0.value("serviceDeploymentArn")] },
    CallAccess("ecr:PutImage") { [$0.arn("ecr", "repository/", "repository")] },
    CallAccess("ecr:PutImageTagMutability") { [$0.arn("ecr", "repository/", "repositoryName")] },
    CallAccess("cloudformation:ExecuteChangeSet") { [$0.stack($0.locked("cfn:"))] },
    CallAccess("cloudformation:ContinueUpdateRollback") { [$0.stack($0.value("StackName"))] },
    CallAccess("cloudformation:UpdateTerminationProtection") {
      [$0.stack($0.value("StackName"))]
    },
  ]

  private static let stores: [CallAccess] = [
    CallAccess("rds:ModifyDBInstance") { [$0.arn("rds", "db:", "DBInstanceIdentifier")] },
    CallAccess("rds:RebootDBInstance") { [$0.arn("rds", "db:", "DBInstanceIdentifier")] },
    CallAccess("rds:DeleteDBInstance") {
      [
        $0.arn("rds", "db:", "DBInstanceIdentifier"),
        $0.arn("rds", "snapshot:", "FinalDBSnapshotIdentifier"),
      ]
    },
    CallAccess("rds:CreateDBSnapshot") {
      [
        $0.arn("rds", "db:", "DBInstanceIdentifier"),
        $0.arn("rds", "snapshot:", "DBSnapshotIdentifier"),
      ]
    },
    CallAccess(
      "rds:CopyDBSnapshot",
      besides: [
        Beside(action: "rds:AddTagsToResource") {
          [$0.arn("rds", "snapshot:", "TargetDBSnapshotIdentifier")]
        }
      ]
    ) {
      [
        $0.arn("rds", "snapshot:", "SourceDBSnapshotIdentifier"),
        $0.arn("rds", "snapshot:", "TargetDBSnapshotIdentifier"),
      ]
    },
    CallAccess("rds:RestoreDBInstanceFromDBSnapshot") {
      $0.restored(("db:", "DBInstanceIdentifier"), ("snapshot:", "DBSnapshotIdentifier"))
    },
    CallAccess("rds:RestoreDBInstanceToPointInTime") {
      $0.restored(("db:", "SourceDBInstanceIdentifier"), ("db:", "TargetDBInstanceIdentifier"))
    },
    CallAccess("s3:PutBucketVersioning") { [$0.bucket()] },
    CallAccess("s3:PutBucketLifecycleConfiguration", action: "s3:PutLifecycleConfiguration") {
      [$0.bucket()]
    },
    CallAccess("s3:DeleteBucket") { [$0.bucket()] },
    CallAccess("s3:DeleteObject", action: "s3:DeleteObjectVersion") { [$0.object()] },
    CallAccess(
      "s3:CopyObject", action: "s3:PutObject",
      besides: [Beside(action: "s3:GetObjectVersion") { [$0.object()] }]
    ) { [$0.object()] },
    CallAccess("logs:PutRetentionPolicy") { $0.logGroup },
    CallAccess("logs:DeleteRetentionPolicy") { $0.logGroup },
  ]

  private static let network: [CallAccess] = [
    CallAccess("elasticloadbalancing:ModifyLoadBalancerAttributes") {
      [$0.value("LoadBalancerArn")]
    },
    CallAccess("route53:ChangeResourceRecordSets") {
      [$0.place.global("route53", "hostedzone/" + $0.end("HostedZoneId"))]
    },
    CallAccess(
      "acm:RequestCertificate", onAllFor: "A certificate that is not requested yet has no ARN."),
    CallAccess("acm:DeleteCertificate") { [$0.value("CertificateArn")] },
  ]

  private static let telling: [CallAccess] = [
    CallAccess("cloudwatch:PutMetricAlarm") { [$0.arn("cloudwatch", "alarm:", "AlarmName")] },
    CallAccess("events:PutRule") { [$0.arn("events", "rule/", "Name")] },
    CallAccess("events:PutTargets") { [$0.arn("events", "rule/", "Rule")] },
    CallAccess("sns:CreateTopic") { [$0.value("TopicArn")] },
    CallAccess("sns:SetTopicAttributes") { [$0.value("TopicArn")] },
    CallAccess("sns:Subscribe") { [$0.value("TopicArn")] },
    CallAccess("sns:Publish") { [$0.value("TopicArn")] },
    CallAccess("ses:CreateEmailIdentity") { [$0.arn("ses", "identity/", "EmailIdentity")] },
    CallAccess("ses:PutEmailIdentityMailFromAttributes") {
      [$0.arn("ses", "identity/", "EmailIdentity")]
    },
    // A sandbox asks for the recipient too, and identities may have a configuration set.
    CallAccess("ses:SendEmail") { called in
      [called.place.arn("ses", "configuration-set/*")]
        + Set(["From", "To"].flatMap { called.identities($0) }).sorted()
    },
    CallAccess("ses:PutAccountDetails", onAllFor: "It is about the account."),
    CallAccess("ses:PutAccountSendingAttributes", onAllFor: "It is about the account."),
  ]

  /// Calls that are allowed on `*`, each with why AWS knows no resource for it.
  public static var onAll: [(action: String, why: String)] {
    all.values.compactMap { row in row.why.map { (row.action, $0) } }.sorted { $0 < $1 }
  }
}

extension Called {
  /// With and without what follows the name, for AWS asks for either.
  fileprivate var logGroup: [String] {
    let arn = arn("logs", "log-group:", "logGroupName")
    return [arn, arn + ":*"]
  }

  /// The identities that an address may be sent by: itself and its domain.
  fileprivate func identities(_ name: String) -> [String] {
    let address = value(name)
    let domain = address.split(separator: "@").last.map(String.init) ?? address
    return [address, domain].map { place.arn("ses", "identity/" + $0) }
  }
}
