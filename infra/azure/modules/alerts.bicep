// What the objectives of infra/runbook.md mean on Azure. Numbers of Bicep are whole, so shares are per mille.
param name string
param location string
param tags object
param insightsId string
param gatewayId string
param gatewayUrl string
param minReplicas int
param emails array

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [for (email, at) in emails: { name: 'person-${at}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var webTestName = '${name}-readyz'

resource webTest 'Microsoft.Insights/webtests@2022-06-15' = {
  name: webTestName
  location: location
  // The link that the portal and the alert find it by.
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: webTestName
    Name: webTestName
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'us-va-ash-azr' }
      { Id: 'us-ca-sjc-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: { RequestUrl: '${gatewayUrl}/readyz', HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

resource availability 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-availability'
  location: 'global'
  tags: tags
  properties: {
    description: 'The gateway does not answer from several places: infra/runbook.md#no-replica-answers'
    severity: 0
    enabled: true
    scopes: [webTest.id, insightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: webTest.id
      componentId: insightsId
      failedLocationCount: 3
    }
    actions: [{ actionGroupId: people.id }]
  }
}

resource replicas 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-replicas'
  location: 'global'
  tags: tags
  properties: {
    description: 'Fewer replicas than there should be: infra/runbook.md#a-replica-is-missing'
    severity: 2
    enabled: true
    scopes: [gatewayId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'replicas'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'Replicas'
          operator: 'LessThan'
          threshold: minReplicas
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

// Requests with an outcome are the gateway's; the Functions app tells its own into the same table. The end of a subscription is
// no answer, and its time is the subscription's whole life. What went well is told in part, with what it stands for in itemCount.
var answers = 'requests | extend outcome = tostring(customDimensions["recograph.outcome"]), phase = tostring(customDimensions["recograph.phase"]) | where outcome != "" and phase != "ended"'

var rules = [
  {
    name: 'answers-fail'
    severity: 0
    description: 'More than 14 of a thousand answers fail, and the fault is ours: infra/runbook.md#answers-fail'
    query: '${answers} | summarize ours = sumif(itemCount, outcome == "ours"), told = sum(itemCount) | project value = iff(told > 0, 1000.0 * ours / told, 0.0)'
    threshold: 14
  }
  {
    name: 'answers-slow'
    severity: 2
    description: 'p99 is above 250 ms: infra/runbook.md#answers-are-slow'
    query: '${answers} | summarize value = percentilew(duration, itemCount, 99)'
    threshold: 250
  }
  {
    name: 'replica-behind'
    severity: 1
    description: 'A replica is more than 1,000 events behind the log: infra/runbook.md#a-replica-fell-behind'
    query: 'customMetrics | where name == "recograph_log_lag_events" | summarize value = max(valueMax)'
    threshold: 1000
  }
  {
    name: 'lists-degraded'
    severity: 2
    description: 'More than 50 of a thousand lists have a degradation: infra/runbook.md#lists-are-degraded'
    query: 'customMetrics | summarize degradations = sumif(valueSum, name == "recograph_degradations"), lists = sumif(valueSum, name == "recograph_lists") | project value = iff(lists > 0, 1000.0 * degradations / lists, 0.0)'
    threshold: 50
  }
  {
    name: 'snapshot-problem'
    severity: 2
    description: 'A replica can’t use the snapshot that it should: infra/runbook.md#a-snapshot-can-not-be-used'
    query: 'customMetrics | where name == "recograph_snapshot_problem" | summarize value = max(valueMax)'
    threshold: 0
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for entry in rules: {
    name: '${name}-${entry.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}-${entry.name}'
      description: entry.description
      severity: entry.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: entry.query
            metricMeasureColumn: 'value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: entry.threshold
            failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 2 }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]
