// The light entry of the metrics: pure functions over columns, nothing here loads TensorFlow or reads a file.
export { QualityError } from './table';
export type { CategoryPair, ColumnPair, QualityColumn, QualityTable, QuantityPair } from './table';
export { pairColumns } from './table';
export { discretise } from './binning';
export type { Binning, DiscretePair } from './binning';
export { ksComplement, tvComplement } from './column-shapes';
export { correlationSimilarity, pearson } from './correlation';
export type { CorrelationResult } from './correlation';
export { contingencySimilarity, cramersV } from './contingency';
export { categoryCoverage, missingValueSimilarity, rangeCoverage } from './coverage';
export { qualityReport, trendThresholds } from './quality-report';
export type { ColumnShape, PairTrend, QualityReport, QualityReportOptions, TrendThresholds } from './quality-report';
export {
  boundaryAdherence,
  categoryAdherence,
  diagnosticReport,
  keyUniqueness,
  structureScore,
} from './diagnostic-report';
export type { ColumnValidity, DiagnosticReport } from './diagnostic-report';
export { independentColumnsReport, realHalvesReport, shuffleColumns, splitHalves } from './reference-reports';
export { distanceRatios, distancesToClosest, distancesToClosestTwo } from './privacy/closest-record';
export type { ClosestTwo } from './privacy/closest-record';
export { rowSpace, scalesOf } from './row-space';
export type { RowSpace, Scales } from './row-space';
export { baselineProtection, overfittingProtection, randomRows } from './privacy/protection';
export type { BaselineProtection, OverfittingOptions, OverfittingProtection } from './privacy/protection';
export { exactCopies, newRowSynthesis } from './privacy/copies';
export type { ExactCopies, NewRowOptions, NewRowSynthesis } from './privacy/copies';
export type { SampleOptions } from './privacy/rows';
export { learnerNames, machineLearningEfficacy } from './utility/efficacy';
export type { ClassifierScores, Efficacy, EfficacyTask, LearnerName } from './utility/efficacy';
export type { Target } from './utility/features';
export { fullReport } from './report/full-report';
export { reportBounds } from './report/options';
export type { FullReportOptions, ReportBounds, ReportProgress, SeriesReportOptions } from './report/options';
export { coverageBaseline, coverageOf } from './coverage-report';
export type { ColumnCoverage, CoverageBaseline, ValueShare } from './coverage-report';
export { maximumMeanDiscrepancy } from './distribution/maximum-mean-discrepancy';
export type { DistributionOptions, MaximumMeanDiscrepancy } from './distribution/maximum-mean-discrepancy';
export { precisionRecall } from './distribution/precision-recall';
export type { PrecisionRecall, PrecisionRecallOptions } from './distribution/precision-recall';
export { detection, detectorNames } from './detection/detection';
export type { Detection, DetectionOptions, DetectorName } from './detection/detection';
export { areaUnderCurve } from './utility/area-under-curve';
export { targetUtility, utilityDirections, utilityLearners } from './utility/target-utility';
export type {
  DirectionScores,
  TargetScores,
  TargetUtility,
  TargetUtilityOptions,
  TargetUtilityTask,
  UtilityDirection,
  UtilityLearner,
} from './utility/target-utility';
export { classScores, rSquared } from './utility/target-scores';
export type { ClassPrediction, ClassScores } from './utility/target-scores';
export { privacyReport } from './privacy/privacy-report';
export type {
  ClosestSummaries,
  DistanceSummary,
  PrivacyOptions,
  PrivacyReport,
  PrivacyTables,
} from './privacy/privacy-report';
export { autocorrelation, leverageEffect } from './series/autocorrelation';
export { earthMoverDistance, excessKurtosis, hillIndex, skewness } from './series/moments';
export { aggregate, changesOf, sequencesOf, windowsOf } from './series/sequences';
export type { Sequences, SeriesDescription } from './series/sequences';
export { stylisedFacts } from './series/stylised-facts';
export type { LagCurve, StylisedFacts, StylisedFactsOptions } from './series/stylised-facts';
export { discriminativeScore, predictiveScore } from './series/window-scores';
export type { DiscriminativeScore, PredictiveScore, WindowScoreOptions } from './series/window-scores';
export { splitWindows } from './series/window-split';
export type { SplitRequest, WindowSplit } from './series/window-split';
export { bookLevelsOf } from './order-book/book-columns';
export type { BookDescription, BookLevelColumns } from './order-book/book-columns';
export { bookLawScores, bookLawValues, bookLaws } from './order-book/book-laws';
export type { BookLaw, BookLawScore, BookLawValues } from './order-book/book-laws';
export { bookValidity } from './order-book/book-validity';
export type { BookValidity } from './order-book/book-validity';
