"""What mail servers say when they refuse, by what they mean; patterns over text in lower case, in order.

A phrase here is one that several systems use, or one documented by a large one. They are short on purpose: servers
change their sentences, and the words in the middle stay.
"""

from __future__ import annotations

from careline.channels.email.bounces.bounce import Reason

PHRASES: tuple[tuple[Reason, tuple[str, ...]], ...] = (
    # Said so exactly that nothing else in the sentence counts.
    ("blocked", (r"\baup#", r"valid sender domain", r"mail rejet[eé]")),
    ("other", (r"^x-unix;",)),
    ("expired", (r"host not found, try again", r"hop count|too many hops|mail loop|loops back|forwarding loop",
    r"not accept our requests to connect")),
    # The address is left out: so carriers in Japan answer for a filter their customer has set.
    ("rejected", (r"(^|\d ?):? ?: ?user unknown", r"rfc ?5?[38]22.{0,12}complian", r"not .{0,8}complian")),
    # Nobody's fault here: the sender's own address or server is what they do not like.
    ("rejected", (
        r"sender (address )?(rejected|denied|verif)", r"domain of sender( address)? \S+ does not (exist|resolve)",
        r"unroutable sender", r"sender is not (valid|allowed|authori[sz]ed)", r"invalid sender", r"unknown sender",
        r"purported responsible address", r"(can'?t|cannot|unable to|could not) (verify|find) (the )?sender",
        r"not a valid sender", r"from address .{0,40}(not|never)", r"mail from .{0,40}(rejected|refused)",
        r"you (do not|don't) have (the )?(required )?permission", r"not (allowed|permitted) to (post|send|submit)",
        r"may not have permission to post", r"only (members|subscribers) (can|may)", r"closed (mailing )?list",
        r"posting to this (list|group)", r"groups\.google\.com/support", r"restricted.{0,30}recipient",
        r"recipnotfound.{0,20}restrict",
    )),
    # A filter of the recipient that hides behind other words.
    ("rejected", (
        r"message filtered", r"rejected by (the |a )?(domain |recipient|user|personal|remote mail server)",
        r"(domain|recipient).{0,12}filter", r"relay(ing)? (access )?(denied|not (permitted|allowed))",
        r"not (configured|permitted|allowed) to relay", r"(insecure|open) mail relay", r"unable to relay",
        r"we do not relay", r"relay(ing)? (is )?prohibited", r"authentication (is )?required",
        r"(turn on|requires?|enable) (smtp )?auth", r"must authenticate", r"protocol violation",
    )),
    # The mailbox has no room.
    ("mailbox_full", (
        r"(mail ?box|inbox|mail folder|account).{0,60}(is |are )?(over ?full|full|over ?quota|exceed)",
        r"over ?quota", r"quota (has been |is )?(exceed|full|viol|over)",
        r"exceed\w*.{0,40}(quota|storage|mailbox|allocated)",
        r"out of (storage|disk) space", r"(not enough|insufficient|no) (storage|space|disk space).{0,40}(mail|user|"
        r"account|recip|left for)",
        r"storage (quota|limit|space)", r"recipient storage full", r"exceeded the local limit", r"shutoffquotaexceeded",
        r"full mailbox", r"mailfolder is full", r"disk quota", r"recipient.{0,30} has exceeded",
        r"user is over (the |his )?(quota|limit)",
        r"message store quota", r"mailbox (has )?reached", r"bo[iî]te.{0,40}(pleine|satur)",
        r"postfach.{0,20}(voll|überf)",
        r"メールボックスが(一杯|いっぱい)", r"容量", r"casella.{0,30}piena", r"buz[oó]n.{0,20}lleno",
        r"邮箱.{0,6}(已满|满)",
    )),
    # Temporarily closed, locked, suspended: somebody is there, or was.
    ("other", (
        r"(account|mailbox|user|recipient|domain)( \S+@\S+)? ?(has been |was |is |are )?(currently |temporar\w* |"
        r"permanently )?"
        r"(suspended|locked|disabled|deactivated|frozen|blocked|inactive|bloqu|on hold|terminated)",
        r"(account|email account) that you tried to reach is (disabled|inactive)",
        r"inactive (account|user|mailbox|recipient)",
        r"disabled (account|user|mailbox)", r"compte .{0,40}(bloqu|suspen|inacti)", r"account expired",
        r"mailbox currently suspended", r"service refused", r"system config error$",
        r"(insufficient|no|not enough) (system|disk) (storage|space|resource)", r"disk (is )?full",
        r"queue file write error",
        r"improper sequence", r"command (not recogni[sz]ed|unrecogni[sz]ed|out of sequence)",
        r"syntax error in (param|command)",
    )),
    # They do not want what comes from us: our address, our standing, our proofs, our pace, or what they take for spam.
    ("blocked", (
        r"dmarc", r"\bspf\b", r"\bdkim\b", r"sender id \(pra\)", r"multiple authentication checks", r"unauthenticated",
        r"authentication (checks? )?fail", r"(does|did) not pass", r"failed? .{0,20}authentication",
        r"reverse dns|\brdns\b|\bptr\b", r"mismatch\w* client ip", r"no dns.{0,20}(a|mx).{0,10}record for",
        r"black ?list|block ?list|\bdnsbl\b|\brbl\b|\bspamhaus\b|spamcop|barracudacentral|\bsorbs\b|proofpoint|"
        r"senderbase|senderscore",
        r"block\w* (by|using|for|from|on)\b(?!.{0,30}content)",
        r"\bblocked\b.{0,20}(see|-|ip|address|due|because (of )?(your|the) (ip|host|server))",
        r"banned (sending )?(ip|host|sender)",
        r"(ip|host|server|client|network)( address)? .{0,40}(is |has been |was )?(blocked|denied|banned|not allowed|"
        r"rejected|refused|listed)",
        r"host network not allowed", r"client host (rejected|blocked)", r"connection refused by",
        r"connections? (is |are )?(not accepted|dropped|rejected|blocked)",
        r"invalid ip for", r"(poor|low|bad|very low) reputation", r"reputation", r"user complaints", r"unsolicited",
        r"refused to talk to me", r"use the smtp server of your isp", r"dynamic (ip|address|host)",
        r"sender rejected.{0,160}(aup|error)",
        r"too many (connections?|messages?|recipients?|errors|sessions|concurrent|mails|emails|hops from)",
        r"rate limit", r"rate that prevents",
        r"(connection|message|sending|mail) rate", r"throttl", r"slow down", r"sent to too many",
        r"(message|sending|hourly|daily) limit",
        r"unusual (rate|amount|volume)", r"unexpected volume", r"try again later.{0,40}(grey|gray)", r"gr[ea]ylist",
        r"\bspam", r"\bube\b", r"\buce\b", r"junk ?mail", r"mcspam", r"bulk (e-?mail )?filter", r"spam firewall",
        r"message content rejected", r"virus", r"malware", r"phish", r"trojan", r"infected", r"suspicious",
        r"mail server.{0,20}(unauthori|forbid)", r"access \S+ forbidden", r"helo.{0,30}(invalid|reject|denied|not)",
        r"invalid domain name",
    )),
    # What was sent is not liked, whoever sent it.
    ("rejected", (
        r"too (large|big)|(message|line|mail|header)s? (is |are )?too long",
        r"(size|length|line).{0,20}(limit|exceed|maximum)", r"exceeds (the )?(administrative|maximum|size|fixed)",
        r"content (presents|rejected|not|is not)", r"potential security", r"polic(y|ies)", r"header error", 
        r"multiple (addresses|subject|from)", r"media error", r"attachment.{0,40}(not|prohibit|block|reject|remov)",
        r"prohibited",
        r"not (acceptable|accepted)(?! mail)", r"access denied|denied by|permission denied",
        r"administrative prohibition",
        r"message (was |has been )?(rejected|refused|denied|discarded)", r"unacceptable", r"executable",
        r"8bit|non-ascii|smtputf8",
        r"not authori[sz]ed", r"restricted", r"security (polic|reason|rule)",
    )),
    # Nobody of this name, or gone; and no such host, which many servers say with the word "unknown" as well.
    ("host_unknown", (
        r"(host|domain)( name)?( or domain name)? (was )?(unknown|not found|not known|is not reachable)",
        r"unknown (host|domain)", r"no such (host|domain)",
        r"(host|domain) [^:;]{0,60}(does not exist|doesn'?t exist|could(n't| not) be found|not found|cannot be found|"
        r"is not reachable)",
        r"^[\d ]{0,8}[\w-]{1,63}(\.[\w-]{1,63}){1,8} does not exist",
        r"(does not|doesn'?t|will not|won't) accept (any )?(e-?mail|mail|inbound)", r"null ?mx",
        r"name service error", r"\bnxdomain\b",
        r"unrouteable (mail )?domain", r"no (mx|mail exchange|mail exchanger)( record)?",
        r"(mx|domain).{0,40}(lookup|look up) .{0,40}fail",
        r"couldn't find any host", r"(address|dns|name) .{0,20}(lookup|resolution) failed",
        r"unable to (route|resolve|lookup|look up)", r"illegal host",
        r"bad destination (host|system|mailbox address domain)", r"no mail server", r"isn't? in .{0,40}control/locals",
        r"couldn't (find|look up).{0,30}(host|mx)", r"no route to domain",
        r"domain.{0,30}(not|never) (registered|valid|served)", r"cannot find your domain",
        r"all relevant mx records point to non-existent hosts",
    )),
    ("user_unknown", (
        r"(user|recipient|mailbox|account|address|alias|subscriber|addressee|destinat\w+|inbox|customer)(?! to|"
        r"s? of)[ \w]{0,12}( \S+@\S+| <[^>]{1,200}>)?[ :,]{0,3}(is |was |are )?"
        r"(unknown|invalid|not (found|known|exist|recognized|recognised|listed|here|valid)|unavailable|nonexist|"
        r"non-exist)",
        r"(unknown|invalid|illegal|no such|bad|nonexistent|non-existent|unrecognized|incorrect) (local )?"
        r"(user|recipient|mailbox|account|address|alias|e-?mail|local part|local-part|name|person|local)",
        r"unknown or illegal", r"no (such )?(user|mailbox|account|recipient)\b",
        r"(user|recipient|mailbox|account|address|name|person|addressee).{0,80}(does not exist|doesn'?t exist|"
        r"do not exist|not exist|could not be found|cannot be found"
        r"|couldn't be found|wasn't found|not found|no longer|isn't|is not (a|recogni|valid|known|listed)|not listed|"
        r"has no)",
        r"does(n't| not) have (a|an) .{0,80}account", r"recip(ient)?notfound", r"not our (user|customer)",
        r"no longer (on server|available|valid|active|in use|here|works|employed)",
        r"unrouteable address", r"(user|recipient|mailbox|address) (has )?moved",
        r"mailbox (name )?(not allowed|unavailable|not available)",
        r"recipient address rejected\.?$", r"recipient .{0,30}rejected$", r"no mailbox( here)?",
        r"not a (valid|known) (mailbox|user|recipient|address)", r"does not like recipient",
        r"(delivery|deliver).{0,20}mailbox.{0,20}(fail|not)", r"adresse .{0,40}invalide", r"usuario desconocido",
        r"unbekannter (empf|benutzer)", r"empfänger.{0,30}(unbekannt|nicht)",
        r"utilisateur inconnu|destinataire inconnu", r"宛先不明|見つかりません|見つかりませんでした",
        r"用户不存在|收件人.{0,10}不存在", r"destinat[aá]rio.{0,20}(inexist|desconhec)",
        r"пользовател\w+ не (найден|существует)",
        r"please check (the|your) recipient", r"check (if|that|whether) .{0,40}address is (correct|valid)",
        r"リストにありません", r"and other recipients in the same domain", r"\bunknown user\b", r"\buser ?unknown\b",
        r"addressee unknown",
    )),
    # Nobody answered for long enough, or the way there did not work.
    ("expired", (
        r"time[d -]?out", r"expired", r"queue too long|in the queue", r"for (more than )?\d+ (days?|hours?)",
        r"(retry|time|delivery) .{0,20}(timeout|exceeded|limit|expired)",
        r"connection (refused|reset|lost|closed|failed|timed|was)", r"lost connection",
        r"(could not|couldn't|cannot|unable to|can't|wasn't able to|not able to) (be )?(connect|establish|reach|"
        r"contact|deliver .{0,20}time)",
        r"network (error|is )?unreachable|no route to host|host is down|unreachable", r"deferred", r"delayed",
        r"attempts?:? \d+|\d+ attempts", r"hop count|too many hops|mail loop|loops back|forwarding loop",
        r"temporar(y|ily)", r"not been (able|delivered).{0,40}(yet|hours|days)", r"will (be )?(keep|retr|continue)",
        r"dns error", r"is not responding|did not respond|no answer|not (yet )?(been )?answered",
        r"giving up|gave up", r"undeliverable for",
    )),
    ("rejected", (r"reject", r"refus", r"denied", r"not permitted", r"forbidden", r"not accept")),
)  # fmt: skip
