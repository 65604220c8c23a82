"""What goes in and out of the API, once: both doors encode these, and the OpenAPI document is drawn from them.

Ids are strings, moments are RFC 3339 in UTC. A name that is missing and a name that is null mean the same, except in a
change (PATCH), where null clears.
"""

import msgspec

from careline.api.shapes.access import (
    AuditLine, AuditLines, Ended, Role, RoleChanging, RoleLimits, RoleMaking, Roles, Session, Sessions,
)  # fmt: skip
from careline.api.shapes.answer_imports import AnswersPreview, AnswersStarting, AnswersTrial
from careline.api.shapes.assist import (
    Draft, DraftMark, DraftMarks, ReplySuggestion, ReplySuggestions, SavedReplies, SavedReply, SavedReplyWriting,
    Summary, Translating, Voice, VoiceWord, Worded, Wording,
)  # fmt: skip
from careline.api.shapes.board import (
    Alert, AlertKeeping, Alerts, BoardConversations, BoardDay, BoardNow, BoardPerson, BoardQueue, BoardQueueDay,
    BoardStretch,
)  # fmt: skip
from careline.api.shapes.bots import (
    Bot, BotAnswering, BotAnsweringSetting, BotCorrecting, BotDifference, BotEvent, BotJudgement, BotLikeness,
    BotMaking, BotOutline, BotQuality, BotRehearsal, BotRehearsals, BotRehearsing, BotShare, BotTemplate, BotTemplates,
    BotTrial, BotTrying, BotTurn, BotVersion, BotVersions, BotWanted, BotWay, BotWriting, BotWritten, Bots,
)  # fmt: skip
from careline.api.shapes.companies import (
    Belonging, Belongings, Branch, Companies, Company, CompanyChanging, CompanyMaking, CompanyName, CompanyTree,
    Value,
)  # fmt: skip
from careline.api.shapes.computed import (
    ComputedFormula, ComputedPreview, ComputedTrait, ComputedTraitWriting, ComputedTraits, ComputedValue,
    ComputedValues, ComputedWord,
)  # fmt: skip
from careline.api.shapes.contact import (
    Breaker, ContactLimit, ContactLimiting, ContactLook, ContactOutlook, ContactRule, ContactRules, ContactRuling,
    Decision, Decisions, Hold, Holding, Holds, Suppression, Suppressions,
)  # fmt: skip
from careline.api.shapes.conversations import (
    Assigning, Attached, Author, Changing, Conversation, Copying, CustomerName, Envelope, Follower, Forwarding,
    Message, Opened, Opening, Rethreading, Snoozing, Speaking, Splitting, Who,
)  # fmt: skip
from careline.api.shapes.customers import (
    By, Customer, CustomerChanging, CustomerMaking, Effort, Felt, Identity, IdentityAdding, Merge, Merged, Merging,
    MomentAdding, Suggestion, Touchpoint,
)  # fmt: skip
from careline.api.shapes.feeling import (
    AlikeConversation, AlikeConversations, Incident, IncidentAnswer, IncidentAnswering, IncidentLinking, Incidents,
    Mood, MoodSaying, MoodWord,
)  # fmt: skip
from careline.api.shapes.earning import (
    EarnedIntent, EarnedIntents, EarnedIntentSwitching, EarningBounds, OwnAnswer, OwnAnswerReviewing, OwnAnswers,
)  # fmt: skip
from careline.api.shapes.history import Bringing, Histories, History, LeftOut, LeftOuts
from careline.api.shapes.house import Agent, File, Inbox, Signature, Team
from careline.api.shapes.imports import (
    Import, ImportChange, ImportColumns, ImportInto, ImportPreview, ImportRefusal, ImportRefusals, ImportStarting,
    ImportTrial, Imports,
)  # fmt: skip
from careline.api.shapes.calls import LanguageModelCall, LanguageModelCalls
from careline.api.shapes.inboxes import (
    Dns, DnsRecord, InboxChanging, InboxMaking, InboxSettings, Left, Trial, TrialStep, Unreadable, Unreadables,
    Visit, Visits,
)  # fmt: skip
from careline.api.shapes.intents import (
    Intent, IntentNaming, Intents, Phrasing, Phrasings, PhrasingsAdded, PhrasingsAdding,
)  # fmt: skip
from careline.api.shapes.journeys import (
    Between, Flow, FlowLink, FlowNode, Funnel, FunnelPart, FunnelStep, JourneyActivity, JourneyEdge, JourneyLoop,
    JourneyMap, JourneySessions, JourneyVariant, JourneyVariants, RepeatedStep, Retention, RetentionCell, Rework,
    TimeBin, WaitsPart, WaitsSince,
)  # fmt: skip
from careline.api.shapes.knowing import (
    Attribute, AttributeAsking, AttributeDefining, Attributes, Consent, Consenting, Consents, OptOut, Origin,
    Provenance, Purpose, PurposeDefining, Purposes,
)  # fmt: skip
from careline.api.shapes.knowledge import (
    Article, ArticleArchiving, ArticleCollection, ArticleCollectionWriting, ArticleCollections, ArticleHit,
    ArticleHits, ArticleMaking, ArticlePlacing, ArticleRefusal, ArticleText, ArticleVersion,
    ArticleVersions, ArticleWriting, Articles,
    ArticlesBrought, Audience, KnowledgeGap, KnowledgeGaps,
)  # fmt: skip
from careline.api.shapes.known import DraftChecking, KnownThing, KnownThings, RepeatedQuestions
from careline.api.shapes.letters import Invitation, Letter, LetterRemark, NotReached, NotTaken, Party
from careline.api.shapes.metrics import (
    Annotating, Annotation, Annotations, EffortPart, EffortWeighing, EffortWeights, Metric, MetricCase, MetricCases,
    MetricDefinition, MetricDefinitions, MetricPoint, ScoreboardView, ScoreboardViewKeeping, ScoreboardViews,
)  # fmt: skip
from careline.api.shapes.pages import (
    Agents, Conversations, Customers, Followers, Inboxes, Merges, Messages, Suggestions, Teams, Touchpoints,
)  # fmt: skip
from careline.api.shapes.plans import (
    FactTest, Invitations, Invited, Plan, PlanCounts, PlanForecast, PlanReason, Planning, Plans,
)  # fmt: skip
from careline.api.shapes.privacy import Aging, CustomerExport, Erasing, Erasure, Period, PeriodSetting, Periods, WouldGo
from careline.api.shapes.problem import Problem
from careline.api.shapes.promises import (
    BusinessHours, EscalationStep, HoursGiven, Policies, Policy, PolicyChoice, PolicyOrder, PolicyRuling,
    PromiseTerms, Promised, PromisedOf,
)  # fmt: skip
from careline.api.shapes.recoveries import (
    Achieved, Goodwill, GoodwillGiving, PlayStep, Recoveries, Recovery, RecoveryBeginning, RecoveryCause,
    RecoveryEnding, RecoveryOutcomes, RecoveryRule, RecoveryRules, RecoveryRuling, RecoverySides, RecoveryStep,
    StepDoing,
)  # fmt: skip
from careline.api.shapes.reports import Report, ReportKeeping, ReportSending, ReportSendings, Reports
from careline.api.shapes.routing import (
    Abilities, Offer, Offers, Presence, PresenceSetting, Queue, QueuePlace, QueueRuling, QueueStep, Queues,
    RoutingPolicy, Skill, SkillLevel, SkillNaming, Skills, StatusReason, StatusReasonNaming, StatusReasons,
)  # fmt: skip
from careline.api.shapes.rules import (
    HouseRule, HouseRuleAdding, HouseRules, HouseRuling, RuleFiring, RuleFirings, RuleMatch, RuleOrdering,
    RuleStepDone, RuleTrial, Webhook, WebhookMaking, Webhooks,
)  # fmt: skip
from careline.api.shapes.segments import Count, Rule, Segment, SegmentWriting, Segments
from careline.api.shapes.sheets import ImportReport, Importing, RefusedRow
from careline.api.shapes.sources import Source, SourceChanging, SourceMaking, Sources
from careline.api.shapes.surveys import (
    Answered, Chosen, Condition, Form, Given, Inviting, Option, Question, QuestionResult, Quota, Responding, Survey,
    SurveyInvitation, SurveyMaking, SurveyResponse, SurveyResponses, SurveyResults, SurveyWriting, Surveys,
)  # fmt: skip
from careline.api.shapes.topics import (
    Topic, TopicChanging, TopicMember, TopicMembers, TopicPart, TopicSearch, Topics,
)  # fmt: skip
from careline.experience.surveys.bringing.meaning import AnswerColumn, AnswersMeaning, FieldColumn
from careline.service.rules.shapes import (
    AssignStep, BindStep, CallStep, DescribeStep, MoveStep, NoteStep, PrioritizeStep, PromiseStep, ReplyStep,
    RuleWhen, TagStep, UntagStep, WaitStep,
)  # fmt: skip

__all__ = sorted(name for name, one in globals().items() if isinstance(one, type) and issubclass(one, msgspec.Struct))
