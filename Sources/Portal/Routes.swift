import Rules

extension Portal {
  /// Every route of the product, with who may use it.
  static let routes: [Route] = [
    // Session
    .get("/sign-in", .everyone, SignInPage.self, Portal.showSignIn),
    .post("/session", .everyone, Portal.signIn),
    .get("/sign-in/factor", .everyone, FactorSignInPage.self, Portal.showFactorSignIn),
    .post("/sign-in/factor", .everyone, Portal.signInWithFactor),
    .post("/sign-in/openid", .everyone, Portal.beginOpenID),
    .get("/sign-in/openid/answer", .everyone, OpenIDPage.self, Portal.answerOpenID),
    .post("/sign-in/passkey", .everyone, Portal.signInWithPasskey),
    .post("/session/end", .only(.look), Portal.signOut),
    .get("/invitations/:token", .everyone, PasswordLinkPage.self, Portal.showPasswordLink),
    .post("/invitations/:token", .everyone, Portal.usePasswordLink),

    // Own account
    .get("/account", .only(.look), AccountPage.self, Portal.showAccount),
    .post("/account/password", .only(.look), Portal.changePassword),
    .post("/account/sessions/end", .only(.look), Portal.endOtherSessions),
    .post("/account/sessions/:session/end", .only(.look), Portal.endOwnSession),
    .get("/account/choices", .only(.look), ChoicesPage.self, Portal.showChoices),
    .post("/account/choices", .only(.look), Portal.chooseLook),
    .get("/keyboard", .only(.look), KeyboardPage.self, Portal.showKeyboard),

    // Second factors
    .get("/account/factors", .only(.look), FactorsPage.self, Portal.showFactors),
    .post("/account/factors", .only(.look), Portal.addFactor),
    .post("/account/factors/recovery-codes", .only(.look), Portal.renewRecoveryCodes),
    .post("/account/factors/end", .only(.look), Portal.removeFactor),
    .post("/account/factors/passkeys", .only(.look), Portal.addPasskey),
    .post("/account/factors/passkeys/end", .only(.look), Portal.removePasskey),

    // Set-up
    .get("/setup", .everyone, SetupPage.self, Portal.showSetup),
    .post("/setup", .everyone, Portal.setUp),
    .get("/setup/checks", .only(.lookAfterPeople), SetupChecksPage.self, Portal.showSetupChecks),
    .post("/setup/diagnostics", .only(.lookAfterPeople), Portal.downloadDiagnostics),
    // Health; `/healthz` is answered before any route
    .get("/readyz", .everyone, Portal.sayWhetherReady),

    // Design
    .get("/design", .only(.lookAfterPeople), DesignPage.self, Portal.showDesign),

    // Dashboard
    .get("/", .only(.look), DashboardPage.self, Portal.showDashboard),

    // Search
    .get("/search", .only(.look), SearchPage.self, Portal.showSearch),
    .get("/search/hits", .only(.look), SearchHitsPage.self, Portal.showSearchHits),

    // Pages that go on by themselves
    .get("/events", .only(.look), Portal.followPage),

    // Resources
    .get("/resources", .only(.look), ResourcesPage.self, Portal.listResources),
    .get("/resources/:subject", .only(.look), ResourcePage.self, Portal.showResource),
    .get("/findings/:finding", .only(.look), FindingPage.self, Portal.showFinding),
    .post("/findings/:finding/acceptance", .only(.approve), Portal.acceptFinding),
    .post("/findings/:finding/acceptance/end", .only(.approve), Portal.endAcceptance),

    // Deployments
    .get("/deployments", .only(.look), DeploymentsPage.self, Portal.listDeployments),
    .get(
      "/deployments/compare", .only(.look), ComparisonPage.self, Portal.compareDeployments),
    .get("/deployments/rollouts/:rollout", .only(.look), RolloutPage.self, Portal.showRollout),

    // Images
    .get("/images", .only(.look), ImagesPage.self, Portal.listImages),

    // Infrastructure
    .get("/infrastructure", .only(.look), InfrastructurePage.self, Portal.showInfrastructure),
    .get(
      "/infrastructure/change-sets/:id", .only(.look), ChangeSetPage.self, Portal.showChangeSet),
    .get(
      "/infrastructure/change-sets/:id/cdk-diff", .only(.look), CDKDiffPage.self,
      Portal.showCDKDiff),

    // Themes
    .get("/themes", .only(.look), ThemesPage.self, Portal.listThemes),
    .post("/themes", .only(.propose), Portal.uploadTheme),
    .post("/theme-imports", .only(.propose), Portal.importTheme),
    .get("/themes/:number", .only(.look), ThemePage.self, Portal.showTheme),
    .get("/themes/:number/archive", .only(.look), Portal.downloadTheme),
    .post("/themes/:number/end", .only(.propose), Portal.removeTheme),

    // Workflows
    .get("/workflows", .only(.look), WorkflowsPage.self, Portal.listWorkflows),
    .get("/workflows/new", .only(.propose), FormPage.self, Portal.showDispatch),
    .get("/workflows/runs/:run", .only(.look), RunPage.self, Portal.showRun),
    .get("/workflows/runs/:run/jobs/:job/log", .only(.look), Portal.downloadLog),
    .get("/workflows/runs/:run/artifacts/:artifact", .only(.look), Portal.downloadArtifact),

    // Mail
    .get("/mail", .only(.look), MailPage.self, Portal.showMail),
    .get("/mail/request", .only(.look), RequestPage.self, Portal.showMailRequest),
    .post("/mail/requests", .only(.propose), Portal.writeMailRequest),
    .get("/mail/requests/:version", .only(.look), AnswersPage.self, Portal.showWrittenRequest),
    .post("/mail/letters", .only(.propose), Portal.noteLetter),
    .post("/mail/checks", .only(.propose), Portal.checkMail),
    .get("/members", .only(.look), MembersPage.self, Portal.showMembers),
    .post("/members/decisions", .only(.propose), Portal.decideMembers),

    // Scaling
    .get("/scaling", .only(.look), ScalingPage.self, Portal.showScaling),

    // Backups
    .get("/backups", .only(.look), BackupsPage.self, Portal.listBackups),
    .get("/backups/deleted", .only(.look), DeletedPage.self, Portal.listDeletedObjects),
    .get("/backups/versions", .only(.look), VersionsPage.self, Portal.showObjectVersions),
    .post("/restore-tests", .only(.run), Portal.recordRestoreTest),

    // Costs
    .get("/costs", .only(.look), CostsPage.self, Portal.showCosts),

    // Changes
    .get("/changes", .only(.look), ChangesPage.self, Portal.listChanges),
    .get("/changes/new", .only(.propose), FormPage.self, Portal.showForm),
    .get("/changes/preview", .only(.propose), PreviewPage.self, Portal.previewChange),
    .get("/changes/preview/cost", .only(.propose), LiveCostPage.self, Portal.showLiveCost),
    .post("/changes", .only(.propose), Portal.proposeChange),
    .get("/changes/:number", .only(.look), ChangePage.self, Portal.showChange),
    .post("/changes/:number/approval", .only(.approve), Portal.approveChange),
    .post("/changes/:number/rejection", .only(.approve), Portal.rejectChange),
    .post("/changes/:number/vote-withdrawal", .only(.approve), Portal.withdrawVote),
    .post("/changes/:number/revocation", .only(.look), Portal.revokeChange),
    .post("/changes/:number/withdrawal", .only(.propose), Portal.withdrawChange),
    .post("/changes/:number/execution", .only(.run), Portal.runChange),
    .post("/changes/:number/resumption", .only(.run), Portal.resumeChange),
    .post("/changes/:number/finding", .only(.run), Portal.recordFinding),
    .get("/changes/:number/evidence", .only(.readAudit), Portal.downloadEvidence),
    .post("/changes/:number/inverse", .only(.propose), Portal.draftInverse),
    .post("/drafts/:number/end", .only(.propose), Portal.dropDraft),

    // Views that people keep
    .post("/saved-views", .only(.look), Portal.saveView),
    .post("/saved-views/:number/end", .only(.look), Portal.removeView),

    // What is left to do
    .get("/todos", .only(.look), TodosPage.self, Portal.listTodos),
    .get("/todos.csv", .only(.look), Portal.downloadTodos),
    .get("/todos.ics", .only(.look), Portal.downloadCalendar),
    .get("/calendar", .only(.look), CalendarPage.self, Portal.showCalendar),
    .post("/calendar", .only(.look), Portal.makeCalendar),
    .post("/calendar/end", .only(.look), Portal.endCalendar),
    .get("/calendars/:key", .everyone, Portal.readCalendar),
    .get("/todos/:todo", .only(.look), TodoPage.self, Portal.showTodo),
    .post("/todos/:todo/owner", .only(.propose), Portal.giveTodo),
    .post("/todos/:todo/due-date", .only(.propose), Portal.dateTodo),
    .post("/todos/:todo/notes", .only(.propose), Portal.noteTodo),
    .post("/todos/:todo/snooze", .only(.propose), Portal.snoozeTodo),
    .post("/todos/:todo/snooze/end", .only(.propose), Portal.wakeTodo),
    .post("/todos/:todo/end", .only(.run), Portal.closeTodo),
    .post("/todos/:todo/reopening", .only(.run), Portal.reopenTodo),

    // People
    .get("/people", .only(.look), PeoplePage.self, Portal.listPeople),
    .post("/people", .only(.lookAfterPeople), Portal.invitePerson),
    .get("/people/:person", .only(.look), PersonPage.self, Portal.showPerson),
    .post("/people/:person/password-link", .only(.lookAfterPeople), Portal.makePasswordLink),
    .post("/people/:person/note/end", .only(.lookAfterPeople), Portal.endNote),
    .post("/people/:person/accounts", .only(.lookAfterPeople), Portal.linkAccount),
    .post("/people/:person/sessions/end", .only(.lookAfterPeople), Portal.endSessions),

    // Safety
    .get("/safety", .only(.look), SafetyPage.self, Portal.showSafety),
    .get("/guards", .only(.look), GuardsPage.self, Portal.showGuards),
    .post("/freezes", .only(.approve), Portal.setFreeze),
    .post("/emergencies", .only(.run), Portal.declareEmergency),
    .post("/emergencies/:number/review", .only(.approve), Portal.reviewEmergency),

    // Notifications
    .get("/notifications", .only(.look), NotificationsPage.self, Portal.listNotices),
    .post("/notification-choices", .only(.look), Portal.chooseNotices),
    .post("/notices/test", .only(.run), Portal.testNotices),
    .post("/deliveries/:number/retry", .only(.run), Portal.retryDelivery),

    // Audit
    .get("/audit", .only(.readAudit), AuditPage.self, Portal.listAudit),
    .post("/audit/exports", .only(.readAudit), Portal.exportAudit),
    .get("/audit/entries/:seq", .only(.readAudit), EntryPage.self, Portal.showEntry),
    .post("/audit/entries/:seq/review", .only(.review), Portal.reviewEntry),
    .get("/audit/review", .only(.readAudit), ReviewPage.self, Portal.listReviews),
    .post("/audit/periods", .only(.review), Portal.signPeriod),
  ]
}
