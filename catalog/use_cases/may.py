"""Whether a person may act as a data steward or as an officer now, asked in the transaction of the act."""

from enclave.access import account_rules, officer_rules, role_rule
from enclave.actions import Action
from enclave.decisions import Decision, decide
from enclave.identity import Person, Role
from enclave.ports import Work


def may_as_steward(work: Work, username: str, action: Action, subject: str) -> Decision:
    """An eligible account with the steward's role."""
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    rules = [
        *account_rules(account, organisation, work.now.date()),
        role_rule(account, Role.STEWARD),
    ]
    return decide(account.person() if account else Person(username), action, subject, rules)


def may_as_officer(work: Work, username: str, action: Action, subject: str) -> Decision:
    """An eligible account with the officer's role, of the producer itself."""
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    rules = officer_rules(account, organisation, work.now.date())
    return decide(account.person() if account else Person(username), action, subject, rules)
