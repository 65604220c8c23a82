"""What goes in and out of the API, once: both doors encode these, and the OpenAPI document is drawn from them.

Ids are strings, moments are RFC 3339 in UTC. A name that is missing and a name that is null mean the same, except in a
change (PATCH), where null clears.
"""

from careline.api.shapes.companies import (
    Belonging,
    Belongings,
    Branch,
    Companies,
    Company,
    CompanyChanging,
    CompanyMaking,
    CompanyName,
    CompanyTree,
    Value,
)
from careline.api.shapes.computed import (
    ComputedFormula,
    ComputedPreview,
    ComputedTrait,
    ComputedTraits,
    ComputedTraitWriting,
    ComputedValue,
    ComputedValues,
    ComputedWord,
)
from careline.api.shapes.contact import Breaker, Decision, Decisions, Hold, Holding, Holds, Suppression, Suppressions
from careline.api.shapes.conversations import (
    Assigning,
    Attached,
    Author,
    Changing,
    Conversation,
    Copying,
    CustomerName,
    Envelope,
    Follower,
    Forwarding,
    Message,
    Opened,
    Opening,
    Rethreading,
    Snoozing,
    Speaking,
    Splitting,
    Who,
)
from careline.api.shapes.customers import (
    By,
    Customer,
    CustomerChanging,
    CustomerMaking,
    Effort,
    Felt,
    Identity,
    IdentityAdding,
    Merge,
    Merged,
    Merging,
    MomentAdding,
    Suggestion,
    Touchpoint,
)
from careline.api.shapes.history import Bringing, Histories, History, LeftOut, LeftOuts
from careline.api.shapes.house import Agent, File, Inbox, Signature, Team
from careline.api.shapes.imports import (
    Import,
    ImportChange,
    ImportColumns,
    ImportInto,
    ImportPreview,
    ImportRefusal,
    ImportRefusals,
    Imports,
    ImportStarting,
    ImportTrial,
)
from careline.api.shapes.inboxes import (
    Dns,
    DnsRecord,
    InboxChanging,
    InboxMaking,
    InboxSettings,
    Left,
    Trial,
    TrialStep,
    Unreadable,
    Unreadables,
    Visit,
    Visits,
)
from careline.api.shapes.journeys import (
    Between,
    Flow,
    FlowLink,
    FlowNode,
    Funnel,
    FunnelPart,
    FunnelStep,
    JourneyActivity,
    JourneyEdge,
    JourneyLoop,
    JourneyMap,
    JourneySessions,
    JourneyVariant,
    JourneyVariants,
    RepeatedStep,
    Retention,
    RetentionCell,
    Rework,
    TimeBin,
    WaitsPart,
    WaitsSince,
)
from careline.api.shapes.knowing import (
    Attribute,
    AttributeDefining,
    Attributes,
    Consent,
    Consenting,
    Consents,
    OptOut,
    Origin,
    Provenance,
    Purpose,
    PurposeDefining,
    Purposes,
)
from careline.api.shapes.letters import Invitation, Letter, LetterRemark, NotReached, NotTaken, Party
from careline.api.shapes.metrics import (
    Annotating,
    Annotation,
    Annotations,
    Metric,
    MetricCase,
    MetricCases,
    MetricDefinition,
    MetricDefinitions,
    MetricPoint,
    ScoreboardView,
    ScoreboardViewKeeping,
    ScoreboardViews,
)
from careline.api.shapes.pages import (
    Agents,
    Conversations,
    Customers,
    Followers,
    Inboxes,
    Merges,
    Messages,
    Suggestions,
    Teams,
    Touchpoints,
)
from careline.api.shapes.privacy import Aging, CustomerExport, Erasing, Erasure, Period, Periods, PeriodSetting, WouldGo
from careline.api.shapes.problem import Problem
from careline.api.shapes.segments import Count, Rule, Segment, Segments, SegmentWriting
from careline.api.shapes.sheets import Importing, ImportReport, RefusedRow
from careline.api.shapes.sources import Source, SourceChanging, SourceMaking, Sources
from careline.api.shapes.surveys import (
    Answered,
    Chosen,
    Given,
    Inviting,
    QuestionResult,
    Responding,
    Survey,
    SurveyInvitation,
    SurveyMaking,
    SurveyResponse,
    SurveyResponses,
    SurveyResults,
    Surveys,
    SurveyWriting,
)

__all__ = [
    "Agent", "Agents", "Aging", "Annotating", "Annotation", "Annotations", "Answered", "Assigning", "Attached",
    "Attribute", "AttributeDefining", "Attributes", "Author", "Belonging", "Belongings", "Between", "Branch",
    "Breaker", "Bringing", "By", "Changing", "Chosen", "Companies", "Company", "CompanyChanging", "CompanyMaking",
    "CompanyName", "CompanyTree", "ComputedFormula", "ComputedPreview", "ComputedTrait", "ComputedTraitWriting",
    "ComputedTraits", "ComputedValue", "ComputedValues", "ComputedWord", "Consent", "Consenting", "Consents",
    "Conversation", "Conversations", "Copying", "Count", "Customer", "CustomerChanging", "CustomerExport",
    "CustomerMaking", "CustomerName", "Customers", "Decision", "Decisions", "Dns", "DnsRecord", "Effort", "Envelope",
    "Erasing", "Erasure", "Felt", "File", "Flow", "FlowLink", "FlowNode", "Follower", "Followers", "Forwarding",
    "Funnel", "FunnelPart", "FunnelStep", "Given", "Histories", "History", "Hold", "Holding", "Holds", "Identity",
    "IdentityAdding", "Import", "ImportChange", "ImportColumns", "ImportInto", "ImportPreview", "ImportRefusal",
    "ImportRefusals", "ImportReport", "ImportStarting", "ImportTrial", "Importing", "Imports", "Inbox",
    "InboxChanging", "InboxMaking", "InboxSettings", "Inboxes", "Invitation", "Inviting", "JourneyActivity",
    "JourneyEdge", "JourneyLoop", "JourneyMap", "JourneySessions", "JourneyVariant", "JourneyVariants", "Left",
    "LeftOut", "LeftOuts", "Letter", "LetterRemark", "Merge", "Merged", "Merges", "Merging", "Message", "Messages",
    "Metric", "MetricCase", "MetricCases", "MetricDefinition", "MetricDefinitions", "MetricPoint", "MomentAdding",
    "NotReached", "NotTaken", "Opened", "Opening", "OptOut", "Origin", "Party", "Period", "PeriodSetting", "Periods",
    "Problem", "Provenance", "Purpose", "PurposeDefining", "Purposes", "QuestionResult", "RefusedRow", "RepeatedStep",
    "Responding", "Retention", "RetentionCell", "Rethreading", "Rework", "Rule", "ScoreboardView",
    "ScoreboardViewKeeping", "ScoreboardViews", "Segment", "SegmentWriting", "Segments", "Signature", "Snoozing",
    "Source", "SourceChanging", "SourceMaking", "Sources", "Speaking", "Splitting", "Suggestion", "Suggestions",
    "Suppression", "Suppressions", "Survey", "SurveyInvitation", "SurveyMaking", "SurveyResponse", "SurveyResponses",
    "SurveyResults", "SurveyWriting", "Surveys", "Team", "Teams", "TimeBin", "Touchpoint", "Touchpoints", "Trial",
    "TrialStep", "Unreadable", "Unreadables", "Value", "Visit", "Visits", "WaitsPart", "WaitsSince", "Who", "WouldGo",
]  # fmt: skip
